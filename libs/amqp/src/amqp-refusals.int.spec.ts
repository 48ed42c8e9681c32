import { randomBytes } from 'node:crypto';
import { StoreUnavailableError } from '@aura/kernel';
import { BusFullError, EVENTS_EXCHANGE } from '@aura/messaging';
import { someEvent, Tap, until } from '@aura/messaging/testing';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { type AmqpBus, connectAmqp } from './amqp-bus';
import { brokerUrl } from './testing/broker-url';

describe('what the RabbitMQ bus refuses', () => {
  const url = brokerUrl();
  const prefix = `t-${randomBytes(4).toString('hex')}`;
  const crashedQueue = `${prefix}.crashed`;
  const buses: AmqpBus[] = [];
  let side: ChannelModel;
  let channel: Channel;

  const open = async (): Promise<AmqpBus> => {
    const bus = await connectAmqp({ url, instance: prefix, crashedQueue });
    buses.push(bus);
    return bus;
  };

  beforeAll(async () => {
    side = await connect(url);
    channel = await side.createChannel();
  });
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.close())));
  afterAll(async () => {
    for (const name of ['crashed', 'foreign', 'full']) await channel.deleteQueue(`${prefix}.${name}`);
    await side.close();
  });

  it('a queue with foreign arguments: said with its name, and the bus goes on', async () => {
    const queue = `${prefix}.foreign`;
    await channel.assertQueue(queue, { durable: true });
    const bus = await open();
    await expect(bus.declareQueue({ queue, kind: 'work' })).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining(queue),
      help: expect.stringContaining(`delete_queue ${queue}`),
    });
    expect(await bus.depth(queue)).toBe(0);
  });

  it('a subscriber queue whose name another process has', async () => {
    const [first, second] = [await open(), await open()];
    const declaration = { queue: `${prefix}.sub`, kind: 'subscriber' } as const;
    await first.declareQueue(declaration);
    await expect(second.declareQueue(declaration)).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining('exclusive'),
    });
  });

  it('a queue that nobody declared cannot be consumed, counted or bound', async () => {
    const bus = await open();
    const queue = `${prefix}.nowhere`;
    const refusal = { code: 'NOT_DECLARED', message: expect.stringContaining(queue) };
    await expect(bus.consume({ queue, prefetch: 1, handle: () => undefined })).rejects.toMatchObject(refusal);
    await expect(bus.depth(queue)).rejects.toMatchObject(refusal);
    const binding = { kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: 'a' } as const;
    await expect(bus.bind([binding])).rejects.toMatchObject(refusal);
    expect(bus.health()).toEqual({ status: 'up', withoutConsumer: [] });
  });

  it('a full queue, told also to a process that does not know of its bound', async () => {
    const [owner, other] = [await open(), await open()];
    const queue = `${prefix}.full`;
    await owner.declareQueue({ queue, kind: 'ingress', maxLength: 2 });
    const send = () => other.publish([{ event: someEvent('e'), to: [{ kind: 'queue', queue }] }]);
    let refusal: unknown;
    await until(async () => {
      refusal = await send().catch((error: unknown) => error);
      return refusal !== undefined;
    }, 'a refusal');
    expect(refusal).toBeInstanceOf(BusFullError);
    const tap = await Tap.acking(owner, queue);
    await until(async () => (await send().catch((error: unknown) => error)) === undefined, 'room again');
    await tap.has(3);
  });

  it('an event that is none, before anything is sent', async () => {
    const bus = await open();
    const broken = { ...someEvent('e'), source: '' };
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: `${prefix}.a` } as const];
    await expect(bus.publish([{ event: broken, to }])).rejects.toThrow(/source/);
  });

  it('everything, once it is closed', async () => {
    const bus = await open();
    await bus.close();
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: `${prefix}.a` } as const];
    await expect(bus.publish([{ event: someEvent('e'), to }])).rejects.toThrow(StoreUnavailableError);
    const consuming = bus.consume({ queue: crashedQueue, prefetch: 1, handle: () => undefined });
    await expect(consuming).rejects.toThrow(StoreUnavailableError);
    await expect(bus.depth(crashedQueue)).rejects.toThrow(StoreUnavailableError);
  });

  it('a wrong password at once, and nobody there after the start limit', async () => {
    const wrong = new URL(url);
    wrong.password = 'certainly-wrong';
    await expect(connectAmqp({ url: wrong.href, instance: 'x' })).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
    });
    const nobody = connectAmqp({ url: 'amqp://127.0.0.1:1', instance: 'x', startTimeoutMs: 300 });
    await expect(nobody).rejects.toThrow(StoreUnavailableError);
  });
});
