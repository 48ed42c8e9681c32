import type { ChannelModel } from 'amqplib';
import { EventEmitter } from 'node:events';
import type { Link } from './link';
import { until } from '@aura/messaging/testing';
import { amqpOptions } from './options';
import { Topology } from './topology';

const settings = {
  ...amqpOptions.parse({ url: 'amqp://localhost', instance: 'test' }),
  backoff: { initialMs: 1, maxMs: 5 },
};

/** A connection on which queue `refused` cannot be declared, as soon as that is so. */
class FakeConnection {
  opened = 0;
  refuses = false;

  createChannel(): Promise<object> {
    this.opened += 1;
    const done = (): Promise<object> => Promise.resolve({});
    const assertQueue = (queue: string): Promise<object> =>
      this.refuses && queue === 'refused'
        ? Promise.reject(Object.assign(new Error('PRECONDITION_FAILED'), { code: 406 }))
        : done();
    const answers = { assertExchange: done, assertQueue, bindQueue: done, bindExchange: done, close: done };
    return Promise.resolve(Object.assign(new EventEmitter(), answers));
  }
}

describe('a queue that a new connection could not restore', () => {
  async function restoring(isClosed: boolean): Promise<{ readonly triedAgain: number }> {
    const connection = new FakeConnection();
    const model = connection as unknown as ChannelModel;
    const link = { whenUp: () => Promise.resolve(model) } as unknown as Link;
    const topology = new Topology(link, settings);
    await topology.declareQueue({ queue: 'refused', kind: 'work' });
    connection.refuses = true;
    if (isClosed) topology.close();
    await topology.restore(model);
    const before = connection.opened;
    await new Promise((resolve) => setTimeout(resolve, 100));
    topology.close();
    return { triedAgain: connection.opened - before };
  }

  it('is told of once however often it is tried, named for as long as it lasts, and told of when it is over', async () => {
    const connection = new FakeConnection();
    const model = connection as unknown as ChannelModel;
    const link = { whenUp: () => Promise.resolve(model) } as unknown as Link;
    const lines: string[] = [];
    const line = (message: string): void => void lines.push(message);
    const topology = new Topology(link, settings, { debug: line, info: line, warn: line, error: line });
    await topology.declareQueue({ queue: 'refused', kind: 'work' });
    connection.refuses = true;
    await topology.restore(model);
    const before = connection.opened;
    await until(() => connection.opened > before + 10, 'it is tried often');
    expect(lines).toEqual([
      'queue refused exists with other arguments: PRECONDITION_FAILED. It is tried again, and nothing is taken from it until then',
    ]);
    expect(topology.refused.sentences).toEqual([
      expect.stringMatching(/^queue refused exists with other arguments: .*rabbitmqctl delete_queue refused/),
    ]);
    connection.refuses = false;
    await until(() => topology.refused.sentences.length === 0, 'it is declared');
    expect(lines.at(-1)).toBe('queue refused is there again as it should be');
    topology.close();
  });

  it('is tried again and again', async () => {
    expect((await restoring(false)).triedAgain).toBeGreaterThan(0);
  });

  it('is not tried again where the bus was closed meanwhile', async () => {
    expect((await restoring(true)).triedAgain).toBe(0);
  });
});
