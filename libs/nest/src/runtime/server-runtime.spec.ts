import { UnsafeSetupError } from '@aura/kernel';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { Readiness } from '../health/readiness';
import { serverEnvironment } from './server-environment';
import { openServerRuntime, ServerConnections } from './server-runtime';
import { hostOf } from './server-targets';

const urls = {
  AURA_RABBITMQ_URL: 'amqp://127.0.0.1:1',
  AURA_MONGODB_URL: 'mongodb://127.0.0.1:1',
  AURA_REDIS_URL: 'redis://127.0.0.1:1',
};

describe('the environment of a service on servers', () => {
  it('names what is missing and says what to do', () => {
    const read = (): unknown => serverEnvironment({ AURA_REDIS_URL: 'redis://x' }, 'nlu');
    expect(read).toThrow(UnsafeSetupError);
    expect(read).toThrow(/nlu cannot start: AURA_RABBITMQ_URL is not set.*; AURA_MONGODB_URL is not set/);
  });

  it('has a prefix and a name of its own unless they are given', () => {
    expect(serverEnvironment(urls, 'nlu')).toMatchObject({
      prefix: 'aura',
      instance: expect.stringContaining('nlu-'),
    });
    expect(serverEnvironment({ ...urls, AURA_PREFIX: 'mine', AURA_INSTANCE: 'n1' }, 'nlu')).toMatchObject({
      prefix: 'mine',
      instance: 'n1',
    });
  });

  it('refuses a prefix that no database could have', () => {
    expect(() => serverEnvironment({ ...urls, AURA_PREFIX: 'Mine!' }, 'nlu')).toThrow('AURA_PREFIX');
  });
});

it('a runtime on servers refuses a URL that is none', async () => {
  const environment = { ...serverEnvironment(urls, 'nlu'), mongodb: 'http://nobody' };
  await expect(openServerRuntime(environment, () => undefined)).rejects.toBeInstanceOf(UnsafeSetupError);
});

it.each([
  ['amqp://me:secret@broker:5672/vhost', 'broker:5672'],
  ['mongodb://a:1,b:2/?replicaSet=x', 'a:1,b:2'],
  ['redis://:p%40ss@127.0.0.1', '127.0.0.1'],
  ['nonsense', 'an unreadable URL'],
])('%s is told as %s', (url, host) => {
  expect(hostOf(url)).toBe(host);
});

describe('servers that are not there', () => {
  it('are waited for by name, told as down in under a second also when one hangs, until somebody stops it', async () => {
    const sockets: Socket[] = [];
    const hanging = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    const { port } = hanging.address() as AddressInfo;
    const lines: string[] = [];
    const stopping = new AbortController();
    const environment = serverEnvironment(
      { ...urls, AURA_MONGODB_URL: `mongodb://127.0.0.1:${port}` },
      'nlu',
    );
    const connections = new ServerConnections(environment, (line) => lines.push(line), { service: 'nlu' });
    const opening = connections.open(stopping.signal);
    opening.catch(() => undefined);
    while (lines.filter((line) => /waits for (RabbitMQ|MongoDB)/.test(line)).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const since = performance.now();
    const states = await new Readiness(() => connections.dependencies()).report();
    expect(performance.now() - since).toBeLessThan(1000);
    expect(states.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'rabbitmq down',
      'mongodb down',
      'redis down',
      'payloads down',
    ]);
    expect(states[0]?.reason).toContain('RabbitMQ at 127.0.0.1:1');
    stopping.abort(new Error('stopped by the test'));
    await expect(opening).rejects.toThrow('stopped by the test');
    hanging.close();
    // The driver lets go of a socket in its handshake only when the other side does.
    for (const socket of sockets) socket.destroy();
  });
});
