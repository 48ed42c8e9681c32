import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOne, serversDown, serversStatus, serversUp, startOne } from './commands';
import { checkHealth } from './health/check-health';
import { ownServer, type OwnServer } from './own-server';
import { rabbitmqctl } from './rabbitmqctl';
import { serversEnvironment } from './servers-environment';
import { envFile, readState, stateFile, writeState } from './state-file';

const quiet = (): void => undefined;
const URLS = ['AURA_RABBITMQ_URL', 'AURA_MONGODB_URL', 'AURA_REDIS_URL'] as const;

describe('servers of a folder', () => {
  const environment = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), 'aura-servers-'));

  // The suite's own RabbitMQ and MongoDB serve as given ones; Redis, the quickest to start, is ours.
  beforeAll(() => {
    delete process.env['AURA_REDIS_URL'];
  });

  afterAll(async () => {
    await serversDown(folder, quiet);
    rmSync(folder, { recursive: true, force: true });
    Object.assign(process.env, environment);
  });

  it('come up, once for several calls', async () => {
    const first = await serversUp(folder, quiet);
    const second = await serversUp(folder, quiet);
    expect(second).toEqual(first);
    expect(first.map((record) => record.name)).toEqual(['rabbitmq', 'mongodb', 'redis']);
    expect((await serversStatus(folder)).map((status) => status.state)).toEqual([
      'healthy',
      'healthy',
      'healthy',
    ]);
  });

  it('are written to servers.env, where everything finds them', () => {
    const lines = readFileSync(envFile(folder), 'utf8').trim().split('\n');
    expect(URLS.every((name) => lines.some((line) => line.startsWith(`${name}=`)))).toBe(true);
    expect(serversEnvironment(folder)).toMatchObject({ AURA_REDIS_URL: readState(folder).redis?.url });
  });

  it('start again on the same URL after a kill', async () => {
    const before = readState(folder).redis?.url ?? '';
    await killOne(folder, 'redis');
    expect((await serversStatus(folder)).at(2)?.state).toBe('stopped');
    await expect(checkHealth('redis', before)).rejects.toThrow();
    expect((await startOne(folder, 'redis')).url).toBe(before);
    await checkHealth('redis', before);
  });

  it('come back by up when the state file is stale', async () => {
    await killOne(folder, 'redis');
    const records = await serversUp(folder, quiet);
    await checkHealth('redis', records.at(2)?.url ?? '');
  });

  it('are not confused with a stranger that got the pid', async () => {
    const { redis, ...others } = readState(folder);
    if (redis?.how !== 'local') return; // a container has no pid of ours
    writeState(folder, {
      ...others,
      redis: { ...redis, process: { pid: process.pid, started: 'long ago' } },
    });
    expect((await serversStatus(folder)).at(2)?.state).toBe('stopped');
    writeState(folder, { ...others, redis });
  });

  it('refuse to stop a given server', async () => {
    await expect(killOne(folder, 'rabbitmq')).rejects.toThrow('not ours to stop');
  });

  it('go down without touching given ones', async () => {
    const { rabbitmq, redis } = readState(folder);
    await serversDown(folder, quiet);
    expect(existsSync(stateFile(folder)) || existsSync(envFile(folder))).toBe(false);
    await expect(checkHealth('redis', redis?.url ?? '')).rejects.toThrow();
    await checkHealth('rabbitmq', rabbitmq?.url ?? '');
  });

  it('say which given server does not answer', async () => {
    process.env['AURA_REDIS_URL'] = 'redis://127.0.0.1:1/0';
    await expect(serversUp(folder, quiet)).rejects.toThrow('redis at redis://127.0.0.1:1/0 does not answer.');
    expect(readState(folder).redis).toBeUndefined();
    delete process.env['AURA_REDIS_URL'];
  }, 20_000);
});

describe('a broker of one test', () => {
  let broker: OwnServer;

  beforeAll(async () => {
    broker = await ownServer('rabbitmq');
  }, 90_000);

  afterAll(() => broker.remove(), 60_000);

  it('obeys rabbitmqctl', async () => {
    await rabbitmqctl(['add_vhost', 'mine'], broker.environment);
    expect(await rabbitmqctl(['-q', 'list_vhosts'], broker.environment)).toContain('mine');
  }, 60_000);

  it('keeps its data and URL over a kill', async () => {
    await broker.kill();
    await expect(checkHealth('rabbitmq', broker.url)).rejects.toThrow();
    await broker.start();
    await checkHealth('rabbitmq', broker.url);
    expect(await rabbitmqctl(['-q', 'list_vhosts'], broker.environment)).toContain('mine');
  }, 90_000);
});
