import { NO_LOG, StoreUnavailableError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { CRASHED_QUEUE, EVENTS_EXCHANGE } from '@aura/messaging';
import { someEvent, Tap, until } from '@aura/messaging/testing';
import { rungName } from './queue-arguments';
import { FaultHarness, publish } from './testing/fault-harness';
import { FragileProcess } from './testing/fragile-process';
import type { OwnBroker } from './testing/own-broker';

describe('the RabbitMQ bus survives', () => {
  const harness = new FaultHarness();
  let broker: OwnBroker;
  const lines: string[] = [];
  const log: Log = {
    ...NO_LOG,
    info: (message) => void lines.push(`info: ${message}`),
    warn: (message) => void lines.push(`warn: ${message}`),
  };
  beforeEach(() => void lines.splice(0));

  beforeAll(async () => (broker = await harness.start()), 90_000);
  afterEach(() => harness.closeAll(), 30_000);
  afterAll(() => broker.stop(), 30_000);

  it('a broker that is killed and started again: nothing confirmed is lost, subscriber queues are back', async () => {
    const bus = await harness.open({}, log);
    const states: string[] = [];
    bus.onHealth(({ status }) => states.push(status));
    const queue = await harness.workQueue(bus);
    await bus.declareQueue({ queue: `${queue}.sub`, kind: 'subscriber' });
    await bus.bind([{ kind: 'queue', queue: `${queue}.sub`, exchange: EVENTS_EXCHANGE, key: 'back' }]);
    const [work, subscriber] = [await Tap.acking(bus, queue), await Tap.acking(bus, `${queue}.sub`)];
    const load = harness.keepPublishing(bus, queue);
    await work.has(50);
    await broker.settle();
    await broker.kill();
    await until(() => bus.health().status === 'down', 'health says down');
    await broker.up();
    await until(() => bus.health().status === 'up' && bus.health().withoutConsumer.length === 0, 'up again');
    const before = load.confirmed.length;
    await until(() => load.confirmed.length > before + 50, 'publishing goes on');
    const confirmed = await load.stop();
    await until(() => confirmed.every((id) => work.ids.includes(id)), 'every confirmed event');
    await bus.publish([
      {
        event: someEvent('seen'),
        to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'back', mandatory: true }],
      },
    ]);
    await subscriber.has(1);
    expect(states).toEqual(['down', 'up']);
    await bus.close();
    expect(lines).toEqual([
      expect.stringMatching(
        /^warn: RabbitMQ at 127\.0\.0\.1:\d+ is lost, and connected to again: \w+ connection: ./,
      ),
      expect.stringMatching(/^info: RabbitMQ at 127\.0\.0\.1:\d+ is there again$/),
    ]);
  }, 60_000);

  it('a connection that is cut: what was in hand comes back, settling the old is harmless', async () => {
    const { bus, proxy } = await harness.proxied();
    const queue = await harness.workQueue(bus);
    const tap = await Tap.on(bus, queue);
    await Promise.all(['a', 'b', 'c'].map((id) => publish(bus, queue, id)));
    const old = [...(await tap.has(3))];
    proxy.cut();
    await tap.has(6);
    old.forEach((delivery) => delivery.ack());
    const again = tap.deliveries.slice(3);
    expect(again.map(({ redelivered, returns }) => [redelivered, returns])).toEqual(Array(3).fill([true, 1]));
    again.forEach((delivery) => delivery.ack());
    await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
    await publish(bus, queue, 'd');
    await tap.has(7);
  });

  it('many cuts under load: nothing confirmed is lost', async () => {
    const { bus, proxy } = await harness.proxied();
    const queue = await harness.workQueue(bus);
    const tap = await Tap.acking(bus, queue);
    const load = harness.keepPublishing(bus, queue);
    for (let i = 0; i < 5; i += 1) {
      const before = load.confirmed.length;
      await until(() => load.confirmed.length > before + 20, 'publishing goes on');
      proxy.cut();
    }
    const confirmed = await load.stop();
    await until(() => confirmed.every((id) => tap.ids.includes(id)), 'every confirmed event');
  });

  it('a consuming channel that the server closes: its deliveries come back', async () => {
    const restore = await broker.setEnv({ consumer_timeout: 300, channel_tick_interval: 100 });
    const bus = await harness.open();
    const queue = await harness.workQueue(bus);
    const tap = await Tap.on(bus, queue);
    await publish(bus, queue, 'held');
    const first = await tap.at(0);
    const again = await tap.at(1);
    first.ack();
    expect(again.returns).toBe(1);
    again.ack();
    await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
    await restore();
    await until(() => bus.health().withoutConsumer.length === 0, 'a consumer');
  });

  it('a publishing channel that the server closes: its copies are published again', async () => {
    const restore = await broker.setEnv({ max_message_size: 1000 });
    const bus = await harness.open();
    await restore();
    const queue = await harness.workQueue(bus);
    const data = 'x'.repeat(5000);
    await bus.publish([{ event: someEvent('large', { data }), to: [{ kind: 'queue', queue }] }]);
    expect(await (await Tap.acking(bus, queue)).at(0)).toMatchObject({
      event: { ok: true, value: { data } },
    });
  });

  it('a broker that blocks publishers: health says so, publishes wait and then end well', async () => {
    const bus = await harness.open({ confirmTimeoutMs: 500 }, log);
    const states: string[] = [];
    bus.onHealth(({ status }) => states.push(status));
    const queue = await harness.workQueue(bus);
    const tap = await Tap.acking(bus, queue);
    const load = harness.keepPublishing(bus, queue);
    await tap.has(20);
    await broker.ctl('set_vm_memory_high_watermark', '0.00001');
    await until(() => bus.health().status === 'blocked', 'blocked');
    const before = load.confirmed.length;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    // Beyond the confirm limit: being blocked is no reason to drop the connection.
    expect(bus.health().status).toBe('blocked');
    expect(load.confirmed.length).toBeLessThanOrEqual(before + 1);
    await broker.ctl('set_vm_memory_high_watermark', '0.4');
    await until(() => load.confirmed.length > before + 20, 'publishing goes on');
    const confirmed = await load.stop();
    await until(() => confirmed.every((id) => tap.ids.includes(id)), 'every confirmed event');
    expect(states).toEqual(['blocked', 'up']);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: RabbitMQ at \S+ asks publishers to wait: ./),
      expect.stringMatching(/^info: RabbitMQ at \S+ is there again$/),
    ]);
  });

  it('a publish that stays blocked beyond its limit fails and says so', async () => {
    const bus = await harness.open({ publishTimeoutMs: 600 });
    const queue = await harness.workQueue(bus);
    await broker.ctl('set_vm_memory_high_watermark', '0.00001');
    try {
      // Some of these come through before the broker notices; what became of them does not matter here.
      const before: Promise<unknown>[] = [];
      await until(() => {
        before.push(publish(bus, queue, 'before').catch((error: unknown) => error));
        return bus.health().status === 'blocked';
      }, 'blocked');
      await expect(publish(bus, queue, 'behind')).rejects.toThrow(StoreUnavailableError);
      await Promise.all(before);
    } finally {
      await broker.ctl('set_vm_memory_high_watermark', '0.4');
    }
  });

  it('a consumer that the broker cancels because its queue was deleted: queue, bindings and consumer are back', async () => {
    const bus = await harness.open();
    const queue = await harness.workQueue(bus);
    await bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: 'again' }]);
    const tap = await Tap.acking(bus, queue);
    await broker.ctl('delete_queue', queue);
    // The command takes longer than the consumer, which may be back when it ends.
    const again = {
      event: someEvent('one'),
      to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'again', mandatory: true }],
    } as const;
    const publishing = () =>
      bus.publish([again]).then(
        () => true,
        () => false,
      );
    await until(publishing, 'its queue and its binding again');
    expect((await tap.at(0)).event.ok).toBe(true);
    expect(bus.health().withoutConsumer).toEqual([]);
  });

  it('a queue that was deleted between its declaration and its consumer: it is declared again', async () => {
    const bus = await harness.open();
    const queue = await harness.workQueue(bus);
    await bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: 'before' }]);
    await broker.ctl('delete_queue', queue);
    const tap = await Tap.acking(bus, queue);
    await bus.publish([
      {
        event: someEvent('one'),
        to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'before', mandatory: true }],
      },
    ]);
    expect((await tap.at(0)).event.ok).toBe(true);
  });

  it('a confirm that is lost: the same event is published again', async () => {
    const { bus, proxy } = await harness.proxied({ confirmTimeoutMs: 400 });
    const queue = await harness.workQueue(bus);
    const other = await harness.open();
    const tap = await Tap.acking(other, queue);
    proxy.swallow(true);
    let isConfirmed = false;
    const publishing = publish(bus, queue, 'unsure').then(() => (isConfirmed = true));
    await tap.has(1);
    expect(isConfirmed).toBe(false);
    await until(() => bus.health().status === 'down', 'the connection is given up');
    proxy.swallow(false);
    proxy.cut();
    await publishing;
    await tap.has(2);
    expect(new Set(tap.ids)).toEqual(new Set(['unsure']));
  });

  it('a broker out of reach: publishes fail after their limit, and go on when it is back', async () => {
    const { bus, proxy } = await harness.proxied({ publishTimeoutMs: 500 });
    const queue = await harness.workQueue(bus);
    proxy.refuse(true);
    proxy.cut();
    await expect(publish(bus, queue, 'lost')).rejects.toThrow(StoreUnavailableError);
    await expect(bus.depth(queue)).rejects.toThrow(StoreUnavailableError);
    proxy.refuse(false);
    await until(() => bus.health().status === 'up', 'up again');
    await publish(bus, queue, 'fine');
    expect((await (await Tap.acking(bus, queue)).at(0)).event).toMatchObject({ value: { id: 'fine' } });
  });

  it('a retry queue that somebody deleted: it is made again', async () => {
    const bus = await harness.open();
    const queue = await harness.workQueue(bus);
    const tap = await Tap.acking(bus, queue);
    const later = (id: string) =>
      bus.publish([{ event: someEvent(id), to: [{ kind: 'delay', queue, delayMs: 50 }] }]);
    await later('first');
    await tap.has(1);
    await broker.ctl('delete_queue', rungName(queue, 100));
    await later('second');
    await tap.has(2);
    expect(tap.ids).toEqual(['first', 'second']);
  });

  it('closing while the broker is out of reach ends at once', async () => {
    const { bus, proxy } = await harness.proxied();
    const queue = await harness.workQueue(bus);
    await Tap.on(bus, queue);
    proxy.refuse(true);
    proxy.cut();
    const publishing = publish(bus, queue, 'lost');
    const refusal = expect(publishing).rejects.toThrow(StoreUnavailableError);
    await until(() => bus.health().status === 'down', 'down');
    const before = performance.now();
    await bus.close();
    await refusal;
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('a message that kills its process again and again: it alone is set apart, all others are handled', async () => {
    const bus = await harness.open();
    const queue = await harness.workQueue(bus);
    await bus.declareQueue({ queue: `${queue}.done`, kind: 'work' });
    const crashed = await Tap.acking(bus, CRASHED_QUEUE);
    const done = await Tap.acking(bus, `${queue}.done`);
    const ids = Array.from({ length: 200 }, (_, i) => (i === 20 ? 'killer' : `e${i}`));
    await Promise.all(ids.map((id) => publish(bus, queue, id)));
    let starts = 0;
    while (crashed.deliveries.length === 0 && starts < 40) {
      starts += 1;
      await FragileProcess.start(broker.url, queue).endsUnless(() => crashed.deliveries.length > 0);
    }
    const last = FragileProcess.start(broker.url, queue);
    await until(() => new Set(done.ids).size === 199, 'all others handled');
    await until(async () => (await bus.depth(queue)) === 0, 'all of them settled');
    await last.endsUnless(() => true);
    expect(crashed.ids).toEqual(['killer']);
    expect(crashed.deliveries[0]?.headers.crashed).toMatchObject({ queue });
    expect(starts).toBeLessThanOrEqual(22);
  }, 120_000);
});
