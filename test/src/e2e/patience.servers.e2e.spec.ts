import { connect, readyAnswer } from '@aura/client';
import type { ReadyAnswer } from '@aura/client';
import { ownServer } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { eventually } from '../lab/eventually';
import { closeAll } from './close-all';
import { privateBroker } from './private-broker';
import type { PrivateBroker } from './private-broker';
import { Spawned } from './spawned';

const APPS = resolve(__dirname, '../../../apps');

jest.setTimeout(90_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Ready {
  readonly status: number;
  readonly body: ReadyAnswer;
}

/** Undefined while nobody listens. */
async function ready(url: string): Promise<Ready | undefined> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  return answer && { status: answer.status, body: readyAnswer.parse(await answer.json()) };
}

const downs = ({ body }: Ready): readonly string[] =>
  body.dependencies.filter(({ status }) => status === 'down').map(({ name }) => name);

describe('processes whose server is down', () => {
  let broker: PrivateBroker;
  let mongodb: OwnServer;
  let redis: OwnServer;
  let environment: Readonly<Record<string, string>>;
  const children: Spawned[] = [];

  beforeAll(async () => {
    [broker, mongodb, redis] = await Promise.all([privateBroker(), ownServer('mongodb'), ownServer('redis')]);
    environment = {
      AURA_RABBITMQ_URL: broker.url,
      AURA_MONGODB_URL: mongodb.url,
      AURA_REDIS_URL: redis.url,
      AURA_LOG_FORMAT: 'json',
    };
  }, 60_000);

  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await closeAll([() => broker?.remove(), () => mongodb?.remove(), () => redis?.remove()]);
  }, 60_000);

  async function launched(name: string): Promise<{ readonly child: Spawned; readonly url: string }> {
    const port = await freePort();
    const child = new Spawned({
      name,
      args: [`${APPS}/${name}/dist/main.js`],
      ready: `${name} ready`,
      env: { ...environment, PORT: String(port) },
    });
    children.push(child);
    return { child, url: `http://127.0.0.1:${port}` };
  }

  it('wait for it, say for which, end at SIGTERM meanwhile, and begin when it is there', async () => {
    await redis.stop();
    const [nlu, coordinator] = await Promise.all([launched('nlu'), launched('coordinator')]);
    for (const { url } of [nlu, coordinator]) {
      const waiting = await eventually('Redis alone is waited for', async () => {
        const answer = await ready(url);
        return answer !== undefined && downs(answer).length === 2 ? answer : undefined;
      });
      expect(waiting.status).toBe(503);
      expect(downs(waiting)[0]).toBe('redis');
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    }
    await eventually('it says for what it waits', () =>
      nlu.child.told().includes('waits for Redis at 127.0.0.1:') ? true : undefined,
    );
    const refused = await fetch(`${coordinator.url}/api/v1/definitions`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    const impatient = await launched('style-profile');
    await eventually('it waits', async () => await ready(impatient.url));
    expect(await impatient.child.stop()).toEqual({ code: 0, signal: null });
    await redis.start();
    await Promise.all([nlu.child.ready(), coordinator.child.ready()]);
    for (const { url } of [nlu, coordinator]) expect((await ready(url))?.body.status).toBe('ready');
  });

  it('live on when it goes in mid-flight: 503 with Retry-After, and served again when it is back', async () => {
    const coordinator = children.find(({ name }) => name === 'coordinator');
    const url = (await coordinator?.ready())?.replace('coordinator ready at ', '') ?? '';
    const client = connect({ url, retries: 0 });
    expect(await client.definitions()).toEqual([]);
    await mongodb.kill();
    const without = await eventually('MongoDB is missed', async () => {
      const answer = await ready(url);
      return answer !== undefined && downs(answer).includes('mongodb') ? answer : undefined;
    });
    expect(downs(without)).toEqual(['mongodb', 'payloads']);
    const refused = await fetch(`${url}/api/v1/workflows`);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await mongodb.start();
    await eventually('it is ready again', async () =>
      (await ready(url))?.body.status === 'ready' ? true : undefined,
    );
    expect(await client.definitions()).toEqual([]);
    expect(coordinator?.isLive).toBe(true);
  });

  it('refuse a port that is busy in a sentence, with exit code 2', async () => {
    const { child } = await launched('coordinator');
    const url = (await child.ready()).replace('coordinator ready at ', '');
    const second = new Spawned({
      name: 'nlu',
      args: [`${APPS}/nlu/dist/main.js`, '--port', new URL(url).port],
      ready: 'nlu ready',
      env: environment,
    });
    expect(await second.ended).toEqual({ code: 2, signal: null });
    expect(second.told()).toContain(`port ${new URL(url).port}: the port is busy`);
  });
});
