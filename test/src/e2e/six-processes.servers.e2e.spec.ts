import { connect, readyAnswer } from '@aura/client';
import type { AuraClient, SagaDetail } from '@aura/client';
import { ownServer } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../lab/eventually';
import { auraCommand } from './aura-command';
import { closeAll } from './close-all';
import { Installation } from './installation';

const PICTURE = resolve(__dirname, '../../../apps/cli/samples/navy-suit.jpg');
const FASHION = 'complete_fashion_analysis';
const run = promisify(execFile);
const SIX = [
  'image-processing',
  'nlu',
  'style-profile',
  'combination-engine',
  'recommendation-engine',
  'coordinator',
];
/** On a machine that does other things besides, ms. */
const RECOVERED_WITHIN_MS = 45_000;
/** Three heartbeats of 5 s, and what a busy machine takes to look. */
const MISSED_WITHIN_MS = 20_000;

interface ProcessRecord {
  readonly name: string;
  readonly status: string;
  readonly restarts: number;
  readonly pid?: number;
  readonly url?: string;
}

jest.setTimeout(120_000);

describe('six processes on servers, started by aura up --servers', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'aura-six-'));
  let redis: OwnServer;
  let installation: Installation;
  let client: AuraClient;
  let aura: ReturnType<typeof auraCommand>;

  beforeAll(async () => {
    redis = await ownServer('redis');
    installation = await Installation.open({ redis: redis.url });
    aura = auraCommand(cwd, installation.environment);
    await up();
  }, 120_000);

  afterAll(
    () =>
      closeAll([
        () => aura('down').then(() => undefined),
        () => installation?.close(),
        () => redis?.remove(),
        () => Promise.resolve(rmSync(cwd, { recursive: true, force: true })),
      ]),
    90_000,
  );

  async function up(): Promise<void> {
    expect(await aura('--servers', '--port', '0', 'up')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Aura is up at'),
    });
    client = connect({ url: processOf('coordinator').url ?? '', retries: 40, reconnects: 60 });
  }

  function processes(): readonly ProcessRecord[] {
    const { processes: all } = JSON.parse(readFileSync(join(cwd, '.aura', 'run.json'), 'utf8')) as {
      readonly processes: readonly ProcessRecord[];
    };
    return all;
  }

  function processOf(name: string): ProcessRecord {
    const found = processes().find((one) => one.name === name);
    if (found === undefined) throw new Error(`no process ${name} in the run file`);
    return found;
  }

  /** A picture by curl, then a start that names its digest. */
  async function analysisByCurl(): Promise<SagaDetail> {
    const { url = '' } = processOf('coordinator');
    const curl = async <T>(type: string, path: string, ...data: readonly string[]): Promise<T> => {
      const how = ['-sS', '--fail-with-body', '-H', `content-type: ${type}`];
      const { stdout } = await run('curl', [...how, ...data, `${url}/api/v1/${path}`]);
      return JSON.parse(stdout) as T;
    };
    const { digest } = await curl<{ digest: string }>('image/jpeg', 'images', '--data-binary', `@${PICTURE}`);
    const start = { workflow: FASHION, input: { image: digest, query: 'something for a wedding' } };
    return curl('application/json', 'workflows/execute', '--data', JSON.stringify(start));
  }

  it('are told with their ports and health, and every participant is there', async () => {
    expect(processes().map(({ name, status }) => `${name} ${status}`)).toEqual(
      SIX.map((name) => `${name} up`),
    );
    const { participants, missing } = await client.participants();
    expect(missing).toEqual([]);
    expect(participants.map(({ participant, status }) => `${participant} ${status}`).sort()).toEqual(
      SIX.filter((name) => name !== 'coordinator')
        .map((name) => `${name} present`)
        .sort(),
    );
    expect(await aura('status')).toMatchObject({ code: 0 });
  });

  it('complete an analysis of an uploaded photograph', async () => {
    const saga = await analysisByCurl();
    expect(saga.status).toBe('completed');
    const { code, out } = await aura('logs', saga.sagaId);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^coordinator .*completed/m) });
  });

  it('complete it again when each of them is killed in turn, in the middle of one', async () => {
    const { digest } = await client.uploadImage(readFileSync(PICTURE), 'image/jpeg');
    for (const name of SIX) {
      const { pid = 0, restarts } = processOf(name);
      const saga = await client.start(
        FASHION,
        { image: digest },
        { idempotencyKey: `behind-the-death-of-${name}` },
      );
      process.kill(pid, 'SIGKILL');
      await eventually(
        `${name} is up again`,
        () => (processOf(name).restarts > restarts && processOf(name).status === 'up' ? true : undefined),
        RECOVERED_WITHIN_MS,
      );
      expect(await saga.ended()).toMatchObject({ status: 'completed' });
    }
    expect(await analysisByCurl()).toMatchObject({ status: 'completed' });
  });

  it('each tells all it needs in under a second when one server hangs, and is ready again behind that', async () => {
    process.kill(redis.pid(), 'SIGSTOP');
    try {
      for (const { name, url = '' } of processes()) {
        const since = performance.now();
        const answer = await fetch(`${url}/health/ready`);
        expect(performance.now() - since).toBeLessThan(1000);
        const { dependencies } = readyAnswer.parse(await answer.json());
        expect({
          name,
          status: answer.status,
          states: dependencies.map((one) => `${one.name} ${one.status}`),
        }).toEqual({
          name,
          status: 503,
          states: [
            'rabbitmq up',
            'mongodb up',
            'redis down',
            'payloads up',
            `${name === 'coordinator' ? 'coordinator' : 'participant'} up`,
          ],
        });
      }
    } finally {
      process.kill(redis.pid(), 'SIGCONT');
    }
    for (const { name, url = '' } of processes())
      await eventually(`${name} is ready again`, async () =>
        (await fetch(`${url}/health/ready`)).status === 200 ? true : undefined,
      );
  });

  it('a service that falls silent is told as missing within three heartbeats', async () => {
    const { pid = 0 } = processOf('nlu');
    process.kill(pid, 'SIGSTOP');
    try {
      const since = performance.now();
      await eventually(
        'nlu is missing',
        async () => ((await client.participants()).missing.includes('nlu') ? true : undefined),
        MISSED_WITHIN_MS,
      );
      expect(performance.now() - since).toBeLessThan(MISSED_WITHIN_MS);
      expect(await aura('status')).toMatchObject({ code: 6, out: expect.stringContaining('missing: nlu') });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually('nlu is back', async () =>
      (await client.participants()).missing.length === 0 ? true : undefined,
    );
  });

  it('stop in good order under load, and what was under way ends after they are up again', async () => {
    const { digest } = await client.uploadImage(readFileSync(PICTURE), 'image/jpeg');
    const started = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        client.start(FASHION, { image: digest }, { idempotencyKey: `under-load-${n}` }),
      ),
    );
    const { code, out } = await aura('down');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Aura is down') });
    await up();
    for (const { sagaId } of started)
      expect(await client.saga(sagaId).ended()).toMatchObject({ status: 'completed' });
  });
});
