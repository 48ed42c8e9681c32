import { openLog } from '@aura/telemetry';
import { ServerConnections } from '../runtime/server-runtime';

const SECRET = 'geh3im-Wort';

jest.setTimeout(30_000);

describe('a process whose servers refuse it', () => {
  it('never tells the passwords of their URLs', async () => {
    const lines: string[] = [];
    const log = openLog({
      level: 'debug',
      service: 'nlu',
      format: 'json',
      write: (line) => lines.push(line),
    });
    const environment = {
      rabbitmq: `amqp://aura:${SECRET}@127.0.0.1:1`,
      mongodb: `mongodb://aura:${SECRET}@127.0.0.1:1/?serverSelectionTimeoutMS=200`,
      redis: `redis://:${SECRET}@127.0.0.1:1`,
      prefix: 'aura',
      instance: 'nlu-1',
    };
    const connections = new ServerConnections(environment, log, { service: 'nlu' });
    const stopping = new AbortController();
    const opening = connections.open(stopping.signal).catch((error: unknown) => error);
    const reasons = (): Promise<readonly unknown[]> =>
      Promise.all(connections.dependencies().map((one) => one.check().catch(String)));
    const deadline = performance.now() + 20_000;
    while (lines.length < 3 && performance.now() < deadline)
      await new Promise((next) => setTimeout(next, 20));
    const told = JSON.stringify([lines, await reasons()]);
    stopping.abort(new Error('enough'));
    expect(String(await opening)).not.toContain(SECRET);
    expect(lines.length).toBeGreaterThanOrEqual(3);
    for (const server of ['RabbitMQ', 'MongoDB', 'Redis']) expect(lines.join('')).toContain(server);
    expect(told).not.toContain(SECRET);
  });
});
