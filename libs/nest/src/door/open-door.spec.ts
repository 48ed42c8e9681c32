import type { ReadyAnswer } from '@aura/contracts';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { PrometheusMeter } from '@aura/telemetry';
import type { Dependency } from '../health/dependency';
import { doorSettings } from '../settings/service-settings';
import { openDoor } from './open-door';
import type { Door } from './open-door';

const TOKEN = 'a-secret-that-is-long-enough';
const opened: Door[] = [];

async function door(
  env: Readonly<Record<string, string>> = {},
  dependencies: readonly Dependency[] = [],
): Promise<Door> {
  const settings = doorSettings.parse({ PORT: '0', ...env });
  const health = { service: 'nlu', version: '1.2.3', instance: 'n1', dependencies: () => dependencies };
  const made = await openDoor(settings, { health, metrics: new PrometheusMeter(), log: () => undefined });
  opened.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((made) => made.close()));
});

async function ready(url: string): Promise<{ readonly status: number; readonly body: ReadyAnswer }> {
  const answer = await fetch(`${url}/health/ready`);
  return { status: answer.status, body: (await answer.json()) as ReadyAnswer };
}

describe('the door of a service', () => {
  it('says that it lives, and who it is', async () => {
    const { url } = await door();
    const answer = await fetch(`${url}/health/live`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: 'live',
      service: 'nlu',
      version: '1.2.3',
      instance: 'n1',
    });
  });

  it('names each dependency with its state; one that is down makes it not ready', async () => {
    const answering = { name: 'redis', check: () => Promise.resolve() };
    const refusing = { name: 'mongodb', check: () => Promise.reject(new Error('connection refused')) };
    expect(await ready((await door({}, [answering])).url)).toMatchObject({
      status: 200,
      body: { status: 'ready', dependencies: [{ name: 'redis', status: 'up' }] },
    });
    const { status, body } = await ready((await door({}, [answering, refusing])).url);
    expect(status).toBe(503);
    expect(body.dependencies).toMatchObject([
      { name: 'redis', status: 'up' },
      { name: 'mongodb', status: 'down', reason: 'connection refused' },
    ]);
  });

  it('answers for five in under a second when one of them hangs, and asks that one only once', async () => {
    let asked = 0;
    const hanging = {
      name: 'rabbitmq',
      check: () => new Promise<void>(() => void (asked += 1)),
    };
    const others = ['mongodb', 'payloads', 'redis', 'consumer'].map((name) => ({
      name,
      check: () => Promise.resolve(),
    }));
    const { url } = await door({}, [hanging, ...others]);
    for (let round = 0; round < 2; round++) {
      const since = performance.now();
      const { status, body } = await ready(url);
      expect(performance.now() - since).toBeLessThan(1000);
      expect(status).toBe(503);
      expect(body.dependencies.map((one) => `${one.name} ${one.status}`)).toEqual([
        'rabbitmq down',
        'mongodb up',
        'payloads up',
        'redis up',
        'consumer up',
      ]);
    }
    expect(asked).toBe(1);
  });

  it('prints its metrics, and answers anything else with a problem', async () => {
    const { url } = await door();
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    const nowhere = await fetch(`${url}/api/v1/workflows`);
    expect(nowhere.status).toBe(404);
    expect(nowhere.headers.get('content-type')).toContain('application/problem+json');
    expect(await nowhere.json()).toMatchObject({
      code: 'NOT_FOUND',
      help: expect.stringContaining('/health/ready'),
    });
  });

  it('refuses a busy port in a sentence', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    await expect(door({ PORT: String(port) })).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: `cannot listen on 127.0.0.1, port ${port}: the port is busy`,
    });
    busy.close();
  });

  it('listens for others only when they are asked who they are', async () => {
    await expect(door({ AURA_HOST: '0.0.0.0' })).rejects.toMatchObject({ code: 'UNSAFE_SETUP' });
    const { url } = await door({ AURA_HOST: '0.0.0.0', AURA_TOKEN: TOKEN });
    expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  });

  it('with a token shows its metrics to who brings it, and its health to all', async () => {
    const { url } = await door({ AURA_TOKEN: TOKEN });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const refused = await fetch(`${url}/metrics`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect(await refused.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200);
  });
});
