import { connect, type AuraClient } from '@aura/client';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnAura, type SpawnedAura } from './testing/spawned-aura';

const PICTURE = resolve(__dirname, '../samples/navy-suit.jpg');
const FASHION = 'complete_fashion_analysis';
/** Over an action that is offered. */
const UNDERSTANDING = {
  name: 'Understanding',
  version: '1.0.0',
  input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  example: { query: 'a coat' },
  steps: [
    { id: 'understand', name: 'Understand', action: 'understand-query', input: { query: 'input.query' } },
  ],
  output: { wish: 'steps.understand.output' },
};

jest.setTimeout(60_000);

/**
 * A disk that takes nothing more: the kernel refuses every write of the process to a file (RLIMIT_FSIZE), as it would on a
 * full one, until the limit is lifted.
 */
function diskOf({ pid = 0 }: SpawnedAura['process'], isFull: boolean): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${isFull ? '1' : 'unlimited'}:unlimited`]);
}

describe('an embedded Aura whose disk is full', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'aura-full-'));
  let aura: SpawnedAura;
  let url: string;
  let client: AuraClient;
  let image: string;

  beforeAll(async () => {
    aura = spawnAura(cwd, 'up', '--foreground', '--port', '0');
    await aura.says('Aura is up at ');
    url = /Aura is up at (\S+)/.exec(aura.out())?.[1] ?? '';
    client = connect({ url, retries: 30 });
    image = (await client.uploadImage(readFileSync(PICTURE), 'image/jpeg')).digest;
  });

  afterAll(async () => {
    aura.process.kill('SIGTERM');
    await aura.ended;
    rmSync(cwd, { recursive: true, force: true });
  });

  function post(
    road: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer>,
    key?: string,
  ): Promise<Response> {
    const headers = { 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) };
    return fetch(`${url}/api/v1/${road}`, { method: 'POST', headers, body });
  }

  function start(road: 'execute' | 'execute/async', key: string): Promise<Response> {
    const wish = JSON.stringify({ workflow: FASHION, input: { image } });
    return post(`workflows/${road}`, 'application/json', wish, key);
  }

  /** A problem in the words of RFC 9457, that says when to come again. */
  async function unavailable(road: string, asked: Promise<Response>): Promise<void> {
    const answer = await asked;
    const { headers, status } = answer;
    expect({ road, status, type: headers.get('content-type') }).toEqual({
      road,
      status: 503,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({
      status: 503,
      code: expect.stringMatching(/UNAVAILABLE$/),
      detail: expect.stringMatching(/./),
      help: expect.stringMatching(/./),
    });
  }

  async function untilReady(status: 200 | 503): Promise<unknown> {
    for (const since = performance.now(); performance.now() - since < 15_000; await delay(50)) {
      const answer = await fetch(`${url}/health/ready`);
      const body: unknown = await answer.json();
      if (answer.status === status) return body;
    }
    throw new Error(`/health/ready did not answer ${status} within 15 s`);
  }

  it('says so and refuses starts, lives on, and loses nothing once there is room again', async () => {
    const keys = Array.from({ length: 8 }, (_, n) => `before-${n}`);
    const before = await Promise.all(
      keys.map((key) => client.start(FASHION, { image }, { idempotencyKey: key })),
    );
    diskOf(aura.process, true);
    expect(await untilReady(503)).toMatchObject({
      dependencies: expect.arrayContaining([
        {
          name: 'data',
          status: 'down',
          tookMs: expect.any(Number),
          reason: expect.stringContaining('data file'),
        },
      ]),
    });
    const another = new Uint8Array(Buffer.concat([readFileSync(PICTURE), Buffer.from('another')]));
    const open = `${url}/api/v1/workflows/${before[0]?.sagaId ?? ''}`;
    const renamed = JSON.stringify({ ...UNDERSTANDING, id: 'on_a_full_disk' });
    await unavailable('start', start('execute/async', 'meanwhile'));
    await unavailable('start and wait', start('execute', 'meanwhile-too'));
    await unavailable('upload', post('images', 'image/jpeg', another));
    await unavailable('publish', post('definitions', 'application/json', renamed));
    expect((await fetch(open)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/workflows?limit=1`)).status).toBe(200);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    diskOf(aura.process, false);
    await untilReady(200);
    const again = ['meanwhile', 'meanwhile-too'].map((idempotencyKey) =>
      client.start(FASHION, { image }, { idempotencyKey }),
    );
    for (const { sagaId } of [...before, ...(await Promise.all(again))])
      expect(await client.saga(sagaId).ended()).toMatchObject({ status: 'completed' });
    expect((await post('images', 'image/jpeg', another)).status).toBe(201);
    expect((await post('definitions', 'application/json', renamed)).status).toBe(201);
    expect(aura.process.exitCode).toBe(null);
  });

  it('ends when it is told to, and what was under way goes on with the next start', async () => {
    diskOf(aura.process, true);
    await untilReady(503);
    aura.process.kill('SIGTERM');
    expect(await aura.ended).toMatchObject({ code: 5, err: expect.stringContaining('data file') });
    aura = spawnAura(cwd, 'up', '--foreground', '--port', '0');
    await aura.says('Aura is up at ');
    url = /Aura is up at (\S+)/.exec(aura.out())?.[1] ?? '';
    const saga = await connect({ url, retries: 30 }).start(FASHION, { image });
    expect(await saga.ended()).toMatchObject({ status: 'completed' });
  });
});
