import { StoreUnavailableError } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { someEvent, Tap, until } from '@aura/messaging/testing';
import { FaultHarness, publish } from './testing/fault-harness';
import type { OwnBroker } from './testing/own-broker';

describe('the RabbitMQ bus survives', () => {
  const harness = new FaultHarness();
  let broker: OwnBroker;

  beforeAll(async () => (broker = await harness.start()), 90_000);
  afterEach(() => harness.closeAll(), 30_000);
  afterAll(() => broker.stop(), 30_000);

  it('a queue that the broker does not serve: whoever asks for it is told, and nobody else waits', async () => {
    const bus = await harness.open({ confirmTimeoutMs: 500 });
    const queue = await harness.workQueue(bus);
    const subscriber = `${queue}.sub`;
    await bus.declareQueue({ queue: subscriber, kind: 'subscriber' });
    const serveAgain = await broker.suspend(subscriber);
    const [counting, bound] = [
      bus.depth(subscriber),
      bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: 'behind' }]),
    ];
    await expect(counting).rejects.toThrow(
      `RabbitMQ did not answer within 500 ms when it was asked to count queue ${subscriber}`,
    );
    await bound;
    await serveAgain();
    expect(await bus.depth(subscriber)).toBe(0);
  });

  it('a queue that the broker does not serve for a while: its consumer takes from it behind that', async () => {
    const bus = await harness.open({ confirmTimeoutMs: 300 });
    const queue = await harness.workQueue(bus);
    const subscriber = `${queue}.sub`;
    await bus.declareQueue({ queue: subscriber, kind: 'subscriber' });
    const serveAgain = await broker.suspend(subscriber);
    const tapping = Tap.acking(bus, subscriber);
    const [beside] = [await Tap.acking(bus, queue), await publish(bus, queue, 'beside')];
    await beside.has(1);
    expect(bus.health().withoutConsumer).toEqual([subscriber]);
    await serveAgain();
    const tap = await tapping;
    await publish(bus, subscriber, 'served');
    await tap.has(1);
  });

  it('a queue that the broker does not serve for long: however often it is asked for, no channel more waits for it', async () => {
    const bus = await harness.open({ confirmTimeoutMs: 200, backoff: { initialMs: 20, maxMs: 50 } });
    const queue = await harness.workQueue(bus);
    const [subscriber, counted] = [`${queue}.sub`, `${queue}.counted`];
    for (const name of [subscriber, counted]) await bus.declareQueue({ queue: name, kind: 'subscriber' });
    const before = await channels();
    const serveAgain = [await broker.suspend(subscriber), await broker.suspend(counted)];
    const tapping = Tap.acking(bus, subscriber);
    await expect(bus.depth(counted)).rejects.toThrow('did not answer within 200 ms');
    for (let n = 0; n < 20; n++) {
      await expect(bus.depth(counted)).rejects.toThrow(`RabbitMQ does not serve queue ${counted}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // The consumer's, the counter's, and the one on which all others are asked for something.
    expect(await channels()).toBeLessThanOrEqual(before + 3);
    for (const serve of serveAgain) await serve();
    const tap = await tapping;
    await publish(bus, subscriber, 'served');
    await tap.has(1);
    expect(await bus.depth(counted)).toBe(0);
    await until(async () => (await channels()) <= before + 1, 'what waited is closed');
  });

  /** Open channels of all connections, as the broker counts them. */
  async function channels(): Promise<number> {
    const counts = (await broker.ctl('list_connections', 'channels')).match(/^\d+$/gm) ?? [];
    return counts.reduce((sum, count) => sum + Number(count), 0);
  }

  it('a queue that the broker does not serve behind a lost connection is restored when it does, also where nobody consumes it', async () => {
    const backoff = { initialMs: 50, maxMs: 200 };
    const { bus, proxy } = await harness.proxied({ confirmTimeoutMs: 300, backoff });
    const other = await harness.open();
    const subscriber = `${await harness.workQueue(bus)}.sub`;
    await bus.declareQueue({ queue: subscriber, kind: 'subscriber' });
    await bus.bind([{ kind: 'queue', queue: subscriber, exchange: EVENTS_EXCHANGE, key: 'restored' }]);
    const serveAgain = await broker.suspend(subscriber);
    proxy.cut();
    await until(() => bus.health().status === 'down', 'down');
    await until(() => bus.health().status === 'up', 'up again');
    await serveAgain();
    const depth = () => bus.depth(subscriber).catch(() => undefined);
    await until(async () => (await depth()) === 0, 'the queue stands again');
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'restored' }] as const;
    await until(async () => {
      await other.publish([{ event: someEvent('restored'), to }]);
      return (await depth()) !== 0;
    }, 'it is bound again');
  });

  it('closing while the broker does not serve a queue ends all the same', async () => {
    const bus = await harness.open({ confirmTimeoutMs: 300 });
    const queue = `${await harness.workQueue(bus)}.sub`;
    await bus.declareQueue({ queue, kind: 'subscriber' });
    const serveAgain = await broker.suspend(queue);
    const refused = expect(Tap.on(bus, queue)).rejects.toThrow(StoreUnavailableError);
    await until(() => bus.health().withoutConsumer.length === 1, 'a queue without consumer');
    await bus.close();
    await refused;
    await serveAgain();
  });

  it('a queue that the broker does not serve behind a lost connection keeps no other from coming back', async () => {
    const { bus, proxy } = await harness.proxied({ confirmTimeoutMs: 500 });
    const other = await harness.open();
    const queue = await harness.workQueue(bus);
    const subscriber = `${queue}.sub`;
    await bus.declareQueue({ queue: subscriber, kind: 'subscriber' });
    const [work, stuck] = [await Tap.acking(bus, queue), await Tap.acking(bus, subscriber)];
    const serveAgain = await broker.suspend(subscriber);
    proxy.cut();
    await until(() => bus.health().status === 'down', 'down');
    await publish(other, queue, 'beside');
    await work.has(1);
    expect(bus.health().withoutConsumer).toEqual([subscriber]);
    await serveAgain();
    await until(() => bus.health().withoutConsumer.length === 0, 'its consumer again');
    await publish(other, subscriber, 'served');
    await stuck.has(1);
  });
});
