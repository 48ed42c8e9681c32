import {
  CRASHED_QUEUE,
  DELIVERY_LIMIT,
  type Delivery,
  EVENTS_EXCHANGE,
  STEPS_EXCHANGE,
} from '@aura/messaging';
import { integer, one } from '../sqlite/columns';
import { openDatabase } from '../sqlite/driver';
import { eventOf, idOf, send, until, watch } from '../testing/bus-watch';
import { EmbeddedHarness } from '../testing/embedded-harness';

const ack = (delivery: Delivery) => delivery.ack();

describe('the embedded bus, killed and started again', () => {
  const opened: EmbeddedHarness[] = [];

  async function start(): Promise<EmbeddedHarness> {
    const harness = await EmbeddedHarness.open();
    opened.push(harness);
    return harness;
  }

  async function kill(harness: EmbeddedHarness): Promise<EmbeddedHarness> {
    const next = await harness.afterKill();
    opened.push(next);
    return next;
  }

  afterEach(async () => {
    for (const harness of opened.splice(0)) await harness.close();
  });

  it('brings back what was in hand and counts it; what was settled stays settled', async () => {
    const first = await start();
    await first.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    const { deliveries } = await watch(first.embedded.bus, 'q', 3);
    await send(first.embedded.bus, 'q', ['a', 'b', 'c', 'd', 'e']);
    await until(() => deliveries.length === 3, 'three in hand');
    deliveries[1]?.ack();
    await until(() => deliveries.length === 4, 'the fourth');
    const second = await kill(first);
    const again = await watch(second.embedded.bus, 'q', 10);
    await until(() => again.deliveries.length === 4, 'four deliveries');
    expect(again.deliveries.map((one) => [idOf(one), one.redelivered, one.returns])).toEqual([
      ['a', true, 1],
      ['c', true, 1],
      ['d', true, 1],
      ['e', false, 0],
    ]);
  });

  it('does not charge what was given back in good order', async () => {
    const harness = await start();
    await harness.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    await send(harness.embedded.bus, 'q', ['a', 'b']);
    const { deliveries } = await watch(harness.embedded.bus, 'q', 1);
    expect(deliveries.map(idOf)).toEqual(['a']);
    await harness.reopen();
    const again = await watch(harness.embedded.bus, 'q', 2, ack);
    await until(() => again.deliveries.length === 2, 'both');
    expect(again.deliveries.map((one) => [idOf(one), one.redelivered, one.returns])).toEqual([
      ['a', true, 0],
      ['b', false, 0],
    ]);
  });

  it('keeps bindings, the bridge between the exchanges, and forgets subscribers', async () => {
    const first = await start();
    const { bus } = first.embedded;
    await bus.declareQueue({ queue: 'exact', kind: 'work' });
    await bus.declareQueue({ queue: 'public', kind: 'work' });
    await bus.declareQueue({ queue: 'tail', kind: 'subscriber' });
    await bus.bind([
      { kind: 'queue', queue: 'exact', exchange: STEPS_EXCHANGE, key: 'a.b' },
      { kind: 'queue', queue: 'public', exchange: EVENTS_EXCHANGE, key: 'a.*' },
      { kind: 'queue', queue: 'tail', exchange: EVENTS_EXCHANGE, key: '#' },
      { kind: 'publicFace', key: 'a.b' },
    ]);
    const message = {
      event: eventOf('x'),
      to: [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key: 'a.b' }],
    } as const;
    await bus.publish([message]);
    const second = await kill(first);
    await second.embedded.bus.publish([message]);
    const depths = ['exact', 'public'].map((queue) => second.embedded.bus.depth(queue));
    expect(await Promise.all(depths)).toEqual([2, 2]);
    await expect(second.embedded.bus.depth('tail')).rejects.toMatchObject({ code: 'UNROUTABLE' });
  });

  it('keeps delayed messages and brings them when they are due', async () => {
    const first = await start();
    await first.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    const sent = Date.now();
    await first.embedded.bus.publish([
      { event: eventOf('late'), to: [{ kind: 'delay', queue: 'q', delayMs: 300 }], headers: { attempt: 4 } },
    ]);
    const second = await kill(first);
    const { deliveries } = await watch(second.embedded.bus, 'q', 1, ack);
    await until(() => deliveries.length === 1, 'the delayed one');
    expect(Date.now() - sent).toBeGreaterThanOrEqual(300);
    expect(deliveries[0]).toMatchObject({ headers: { attempt: 4 }, returns: 0, redelivered: false });
  });

  it('singles out the message that kills the process; its neighbours are not charged to the limit', async () => {
    let harness = await start();
    const queues = ['q1', 'q2', 'q3'];
    for (const queue of queues) await harness.embedded.bus.declareQueue({ queue, kind: 'work' });
    for (const queue of queues)
      await send(
        harness.embedded.bus,
        queue,
        [1, 2, 3].map((n) => `${queue}-${n}`),
      );
    const killer = 'q2-2';
    const done: string[] = [];
    const finish = (delivery: Delivery) => {
      done.push(idOf(delivery));
      delivery.ack();
    };
    const isDead = { value: false };
    for (let kills = 0; kills <= DELIVERY_LIMIT; kills++) {
      isDead.value = false;
      const { bus } = harness.embedded;
      const die = (delivery: Delivery) => {
        if (isDead.value) return;
        if (idOf(delivery) === killer) isDead.value = true;
        else finish(delivery);
      };
      for (const queue of queues) await watch(bus, queue, 10, die);
      await until(() => isDead.value, `death number ${kills + 1}`);
      harness = await kill(harness);
    }
    const crashed = await watch(harness.embedded.bus, CRASHED_QUEUE, 10, ack);
    for (const queue of queues) await watch(harness.embedded.bus, queue, 10, finish);
    await until(() => crashed.deliveries.length > 0, 'the crashed one');
    await until(() => new Set(done).size === 8, 'all others');
    expect(crashed.deliveries.map((one) => [idOf(one), one.headers.crashed])).toEqual([
      [killer, { queue: 'q2', returns: DELIVERY_LIMIT + 1 }],
    ]);
  }, 60_000);

  it('removes from the file what every queue has settled, and only that', async () => {
    const harness = await start();
    const { bus } = harness.embedded;
    for (const queue of ['quick', 'slow']) {
      await bus.declareQueue({ queue, kind: 'work' });
      await bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: '#' }]);
    }
    await bus.declareQueue({ queue: 'tail', kind: 'subscriber' });
    await bus.bind([{ kind: 'queue', queue: 'tail', exchange: EVENTS_EXCHANGE, key: '#' }]);
    const events = Array.from({ length: 50 }, (_, n) => ({
      event: eventOf(`e${n}`),
      to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: 'k' } as const],
    }));
    await bus.publish(events);
    const quick = await watch(bus, 'quick', 7, ack);
    const tail = await watch(bus, 'tail', 7, ack);
    await until(() => quick.deliveries.length + tail.deliveries.length === 100, 'the others through');
    const slow = await watch(bus, 'slow', 7);
    await until(() => slow.deliveries.length === 7, 'seven in hand');
    slow.deliveries.slice(2, 7).forEach(ack);
    await until(() => slow.deliveries.length === 12, 'five more');
    await until(() => storedEvents(harness) === 45, 'the settled ones removed');
    await harness.reopen();
    expect(storedEvents(harness)).toBe(45);
    const rest = await watch(harness.embedded.bus, 'slow', 100, ack);
    await until(() => rest.deliveries.length === 45, 'the rest');
    await harness.reopen();
    expect(storedEvents(harness)).toBe(0);
  });
});

function storedEvents(harness: EmbeddedHarness): number {
  const database = openDatabase(harness.folder.file);
  try {
    const row = one(database.prepare('SELECT COUNT(*) AS n FROM events'));
    return row ? integer(row, 'n') : -1;
  } finally {
    database.close();
  }
}
