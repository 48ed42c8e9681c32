import type { ChannelModel } from 'amqplib';
import { EventEmitter } from 'node:events';
import type { Link } from './link';
import { until } from '@aura/messaging/testing';
import type { QueueKind } from '@aura/messaging';
import { amqpOptions } from './options';
import { Topology } from './topology';

const settings = {
  ...amqpOptions.parse({ url: 'amqp://localhost', instance: 'test' }),
  backoff: { initialMs: 1, maxMs: 5 },
};

const DIFFERS = { code: 406, message: 'PRECONDITION_FAILED' };
const FORBIDDEN = { code: 403, message: 'ACCESS_REFUSED' };
const AWAY = { code: 404, message: 'NOT_FOUND - home node is down' };

/** A connection on which one queue cannot be declared, as soon as that is so. */
class FakeConnection {
  opened = 0;
  refusal: typeof DIFFERS | undefined;
  refuses = 'refused';

  createChannel(): Promise<object> {
    this.opened += 1;
    const done = (): Promise<object> => Promise.resolve({});
    const assertQueue = (queue: string): Promise<object> =>
      this.refusal !== undefined && queue === this.refuses
        ? Promise.reject(Object.assign(new Error(this.refusal.message), { code: this.refusal.code }))
        : done();
    const answers = { assertExchange: done, assertQueue, bindQueue: done, bindExchange: done, close: done };
    return Promise.resolve(Object.assign(new EventEmitter(), answers));
  }
}

describe('a queue that a new connection could not restore', () => {
  let connection: FakeConnection;
  let topology: Topology;
  let lines: string[];
  const model = (): ChannelModel => connection as unknown as ChannelModel;

  beforeEach(() => {
    connection = new FakeConnection();
    const link = { whenUp: () => Promise.resolve(model()) } as unknown as Link;
    lines = [];
    const line = (message: string): void => void lines.push(message);
    topology = new Topology(link, settings, { debug: line, info: line, warn: line, error: line });
  });
  afterEach(() => topology.close());

  /** In use, and then on a new connection. */
  async function restoring(refusal: typeof DIFFERS, kind: QueueKind = 'work'): Promise<void> {
    await topology.restore(model());
    await topology.declareQueue({ queue: 'refused', kind });
    connection.refusal = refusal;
    await topology.restore(model());
  }

  async function triedOften(): Promise<void> {
    const before = connection.opened;
    await until(() => connection.opened > before + 10, 'it is tried often');
  }

  it.each([
    [
      'has other arguments',
      DIFFERS,
      'queue refused exists with other arguments: PRECONDITION_FAILED',
      /^queue refused exists with other arguments: .*rabbitmqctl delete_queue refused/,
    ],
    [
      'may not be declared',
      FORBIDDEN,
      'queue refused may not be declared: ACCESS_REFUSED',
      /^queue refused may not be declared: .*rabbitmqctl set_permissions/,
    ],
  ])(
    'as it %s, is told of once however often it is tried, named for as long as it lasts, and told of when it is over',
    async (_why, refusal, told, sentence) => {
      await restoring(refusal);
      await triedOften();
      expect(lines).toEqual([`${told}. It is tried again, and is not to be relied on until then`]);
      expect(topology.refused.sentences).toEqual([expect.stringMatching(sentence)]);
      connection.refusal = undefined;
      await until(() => topology.refused.sentences.length === 0, 'it is declared');
      expect(lines.slice(1)).toEqual(['queue refused is there again as it should be']);
    },
  );

  it('for a reason that may pass by itself, is told of as well, once, and needs nobody', async () => {
    await restoring(AWAY);
    await triedOften();
    expect(lines).toEqual([
      'RabbitMQ refuses to declare queue refused: NOT_FOUND - home node is down. It is tried again, and is not to be relied on until then',
    ]);
    expect(topology.refused.sentences).toEqual([]);
    connection.refusal = undefined;
    await until(() => lines.length === 2, 'it is told that it is over');
    expect(lines[1]).toBe('queue refused is there again as it should be');
  });

  it('is nobody’s concern here when the last one has left it, and is again for the next that takes from it', async () => {
    const [one, two] = [{}, {}];
    topology.refused.taken('refused', one);
    topology.refused.taken('refused', two);
    await restoring(DIFFERS);
    topology.refused.left('refused', one);
    expect(topology.refused.sentences).toHaveLength(1);
    topology.refused.left('refused', two);
    expect(topology.refused.sentences).toEqual([]);
    await topology.restore(model());
    await triedOften();
    expect([topology.refused.sentences, lines.length]).toEqual([[], 1]);
    topology.refused.taken('refused', one);
    await until(() => topology.refused.sentences.length === 1, 'it is named again');
    expect(lines).toHaveLength(1);
  });

  it('is nobody’s concern here where it is another coordinator’s to track', async () => {
    await restoring(DIFFERS, 'tracker');
    await triedOften();
    expect([topology.refused.sentences, lines]).toEqual([[], []]);
    topology.refused.taken('refused', {});
    await until(() => topology.refused.sentences.length === 1, 'it is named');
  });

  it.each([
    [DIFFERS, 'queue aura.crashed exists with other arguments: PRECONDITION_FAILED'],
    [
      AWAY,
      'RabbitMQ refuses to declare the exchanges and the queue of what crashed: NOT_FOUND - home node is down',
    ],
  ])(
    'and without which none is of use fails to connect (%j), and is told of only where one was of use before',
    async (refusal, told) => {
      connection.refuses = settings.crashedQueue;
      connection.refusal = refusal;
      await expect(topology.restore(model())).rejects.toThrow(refusal.message);
      expect(lines).toEqual([]);
      connection.refusal = undefined;
      await topology.restore(model());
      connection.refusal = refusal;
      for (let n = 0; n < 3; n++) await expect(topology.restore(model())).rejects.toThrow(refusal.message);
      expect(lines).toEqual([`${told}. It is tried again, and is not to be relied on until then`]);
      connection.refusal = undefined;
      await topology.restore(model());
      expect(lines.slice(1)).toEqual(['queue aura.crashed is there again as it should be']);
    },
  );

  it('is not tried again where the bus was closed meanwhile', async () => {
    await topology.declareQueue({ queue: 'refused', kind: 'work' });
    connection.refusal = DIFFERS;
    topology.close();
    await topology.restore(model());
    const before = connection.opened;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(connection.opened).toBe(before);
  });

  it('takes the connection with it where that went away', async () => {
    await expect(restoring({ code: 320, message: 'CONNECTION_FORCED' })).rejects.toThrow('CONNECTION_FORCED');
    expect([topology.refused.sentences, lines]).toEqual([[], []]);
  });
});
