import { StoreUnavailableError } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { Tap, until } from '@aura/messaging/testing';
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
