import type { Log, LogFields } from '@aura/kernel';
import { NO_LOG } from '@aura/kernel';
import { Tap, until } from '@aura/messaging/testing';
import { type ChannelModel, connect } from 'amqplib';
import { FaultHarness, publish } from './testing/fault-harness';
import type { OwnBroker } from './testing/own-broker';

describe('a queue that somebody made with other arguments while a connection was lost', () => {
  const harness = new FaultHarness();
  let broker: OwnBroker;
  let side: ChannelModel;

  beforeAll(async () => {
    broker = await harness.start();
    side = await connect(broker.url);
  }, 90_000);
  afterEach(() => harness.closeAll(), 30_000);
  afterAll(async () => {
    await side.close();
    await broker.stop();
  }, 30_000);

  const warned: { readonly message: string; readonly fields: LogFields }[] = [];
  const log: Log = {
    ...NO_LOG,
    warn: (message, fields = {}) => void ('queue' in fields && warned.push({ message, fields })),
  };

  it('is told of with what differs and what to do, keeps the bus unhealthy, and is consumed when it is mended', async () => {
    const backoff = { initialMs: 20, maxMs: 50 };
    const { bus, proxy } = await harness.proxied({ backoff }, log);
    const queue = await harness.workQueue(bus);
    const beside = await harness.workQueue(bus);
    const [tap, other] = [await Tap.acking(bus, queue), await Tap.acking(bus, beside)];
    proxy.refuse(true);
    proxy.cut();
    const channel = await side.createChannel();
    await channel.deleteQueue(queue);
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-max-length': 7 } });
    proxy.refuse(false);
    await until(() => bus.health().refused !== undefined && bus.health().status === 'up', 'health says it');
    expect(bus.health()).toMatchObject({
      reason: expect.stringContaining(`queue ${queue} exists with other arguments`) as string,
      refused: [
        expect.stringMatching(
          new RegExp(`^queue ${queue} .*PRECONDITION_FAILED.*inequivalent arg.*delete_queue ${queue}`),
        ),
      ],
    });
    expect(warned).toMatchObject([
      {
        message: expect.stringMatching(/inequivalent arg 'x-[a-z-]+'.*It is tried again/) as string,
        fields: { queue, help: expect.stringContaining(`delete_queue ${queue}`) as string },
      },
    ]);
    await publish(bus, beside, 'beside');
    await other.has(1);
    // It is taken from as it is: only what differs is missing.
    await publish(bus, queue, 'foreign');
    await tap.has(1);
    await channel.deleteQueue(queue);
    await until(() => bus.health().refused === undefined, 'it is declared again');
    await publish(bus, queue, 'mended');
    await tap.has(2);
    expect(warned).toHaveLength(1);
  });

  it('is told of, too, where the whole connection waits for it: the queue of what crashed', async () => {
    warned.length = 0;
    const crashedQueue = 'refused.crashed';
    const backoff = { initialMs: 20, maxMs: 50 };
    const { bus, proxy } = await harness.proxied({ backoff, crashedQueue }, log);
    proxy.refuse(true);
    proxy.cut();
    const channel = await side.createChannel();
    await channel.deleteQueue(crashedQueue);
    await channel.assertQueue(crashedQueue, { durable: true });
    proxy.refuse(false);
    await until(() => bus.health().refused !== undefined, 'health says it');
    expect(bus.health().status).toBe('down');
    expect(warned).toMatchObject([{ fields: { queue: crashedQueue } }]);
    await channel.deleteQueue(crashedQueue);
    await until(() => bus.health().status === 'up', 'it is up again');
    expect(bus.health().refused).toBeUndefined();
    expect(warned).toHaveLength(1);
  });

  it('is forgotten by who takes from it no more, also on its next connection, and named by who takes from it now', async () => {
    warned.length = 0;
    const backoff = { initialMs: 20, maxMs: 50 };
    const { bus, proxy } = await harness.proxied({ backoff }, log);
    const queue = await harness.workQueue(bus);
    const tap = await Tap.acking(bus, queue);
    const channel = await side.createChannel();
    const reconnected = async (): Promise<void> => {
      proxy.refuse(true);
      proxy.cut();
      await until(() => bus.health().status === 'down', 'it is lost');
      await channel.deleteQueue(queue);
      await channel.assertQueue(queue, { durable: true });
      proxy.refuse(false);
      await until(() => bus.health().status === 'up', 'it is back');
    };
    await reconnected();
    expect(bus.health().refused).toHaveLength(1);
    await tap.consumer.stop(0);
    expect(bus.health()).toEqual({ status: 'up', withoutConsumer: [] });
    await reconnected();
    expect([bus.health(), warned.length]).toEqual([{ status: 'up', withoutConsumer: [] }, 1]);
    const next = await Tap.acking(bus, queue);
    await until(() => bus.health().refused !== undefined, 'it is named again');
    await next.consumer.stop(0);
  });

  it('is told of where the broker lets the user not declare it any more, and those beside it are used', async () => {
    warned.length = 0;
    await broker.ctl('add_user', 'limited', 'limited');
    await broker.ctl('set_permissions', 'limited', '.*', '.*', '.*');
    const url = new URL(broker.url);
    url.username = url.password = 'limited';
    const backoff = { initialMs: 20, maxMs: 50 };
    const { bus, proxy } = await harness.proxied({ backoff, url: url.href }, log);
    const [queue, beside] = [await harness.workQueue(bus), await harness.workQueue(bus)];
    const tap = await Tap.acking(bus, beside);
    await broker.ctl('set_permissions', 'limited', `^(?!${queue}$).*`, '.*', '.*');
    proxy.cut();
    await until(() => bus.health().refused !== undefined && bus.health().status === 'up', 'health says it');
    expect(bus.health().refused).toEqual([
      expect.stringMatching(
        new RegExp(`^queue ${queue} may not be declared: .*ACCESS_REFUSED.*set_permissions`),
      ),
    ]);
    expect(warned).toMatchObject([{ fields: { queue } }]);
    await publish(bus, beside, 'beside');
    await tap.has(1);
    await broker.ctl('set_permissions', 'limited', '.*', '.*', '.*');
    await until(() => bus.health().refused === undefined, 'it is declared again');
    expect(warned).toHaveLength(1);
  });
});
