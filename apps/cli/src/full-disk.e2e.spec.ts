import { connect, type AuraClient } from '@aura/client';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnAura, type SpawnedAura } from './testing/spawned-aura';

const PICTURE = resolve(__dirname, '../samples/navy-suit.jpg');
const FASHION = 'complete_fashion_analysis';

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

  const start = (key: string): Promise<Response> =>
    fetch(`${url}/api/v1/workflows/execute/async`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ workflow: FASHION, input: { image } }),
    });

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
    const refused = await start('meanwhile');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: expect.any(String), help: expect.any(String) });
    const upload = await fetch(`${url}/api/v1/images`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(Buffer.concat([readFileSync(PICTURE), Buffer.from('another')])),
    });
    expect(upload.status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    diskOf(aura.process, false);
    await untilReady(200);
    const meanwhile = await client.start(FASHION, { image }, { idempotencyKey: 'meanwhile' });
    for (const { sagaId } of [...before, meanwhile])
      expect(await client.saga(sagaId).ended()).toMatchObject({ status: 'completed' });
    expect(aura.process.exitCode).toBe(null);
  });
});
