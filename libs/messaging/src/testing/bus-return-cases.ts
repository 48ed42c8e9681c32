import { DELIVERY_LIMIT, type Delivery, type EventBus, RETURNS_BEFORE_ALONE } from '../bus';
import { type BusProbe, quiet, someEvent, Tap, until } from './bus-probe';

/** Rules of deliveries that come back: nothing is lost, and what kills its consumer is set apart. */
export function describeReturns(probe: BusProbe): void {
  describe('returns', () => {
    it('what a lost client had in hand comes back and says so; what it had settled does not', async () => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      await fill(client.bus, queue, 6);
      const tap = await Tap.on(client.bus, queue);
      const deliveries = await tap.has(6);
      [1, 2, 4].forEach((i) => deliveries[i]?.ack());
      const bus = await probe.bus();
      await until(async () => (await client.bus.depth(queue)) === 3, 'three in hand');
      await quiet();
      await client.crash();
      const again = await Tap.acking(bus, queue);
      await again.has(3);
      await quiet();
      expect([...again.ids].sort()).toEqual(['m0', 'm3', 'm5']);
      expect(again.deliveries.map(({ redelivered, returns }) => [redelivered, returns])).toEqual(
        Array.from({ length: 3 }, () => [true, 1]),
      );
      deliveries.forEach((delivery) => delivery.ack());
    });

    it('what is given back comes again', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await fill(bus, queue, 1);
      const tap = await Tap.on(bus, queue);
      (await tap.at(0)).giveBack();
      const again = await tap.at(1);
      expect(again.redelivered).toBe(true);
      again.ack();
      await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
    });

    it('a delivery that came back more than 3 times is handed out alone', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await fill(bus, queue, 1);
      await crashOn(probe, queue, RETURNS_BEFORE_ALONE + 1);
      for (let i = 1; i < 10; i += 1) await fill(bus, queue, 1, `n${i}`);
      const isSuspect = ({ returns }: Delivery) => returns > RETURNS_BEFORE_ALONE;
      const tap = await Tap.on(bus, queue, { onDelivery: (one) => (isSuspect(one) ? undefined : one.ack()) });
      await until(() => tap.ids.includes('m0'), 'the suspect');
      const before = tap.deliveries.length;
      await quiet();
      expect(tap.deliveries).toHaveLength(before);
      const suspect = tap.deliveries.find(isSuspect);
      expect(suspect && tap.turns.find((turn) => turn.includes(suspect))).toHaveLength(1);
      suspect?.ack();
      await tap.has(10);
      expect(new Set(tap.ids).size).toBe(10);
    });

    it('a delivery that kills its consumers ends in the crashed queue, its origin known, and nothing else does', async () => {
      const bus = await probe.bus();
      const { crashedQueue } = probe.underTest;
      await bus.declareQueue({ queue: crashedQueue, kind: 'crashed' });
      const crashed = await Tap.acking(bus, crashedQueue);
      const queue = await probe.queue(bus);
      await fill(bus, queue, 1);
      await crashOn(probe, queue, DELIVERY_LIMIT + 1);
      await fill(bus, queue, 1, 'n');
      const delivery = await crashed.at(0);
      expect(delivery.event).toMatchObject({ ok: true, value: { id: 'm0' } });
      expect(delivery.queue).toBe(crashedQueue);
      expect(delivery.headers.crashed?.queue).toBe(queue);
      expect(delivery.headers.crashed?.returns).toBeGreaterThanOrEqual(DELIVERY_LIMIT);
      const rest = await Tap.acking(bus, queue);
      await rest.has(1);
      await quiet();
      expect([rest.ids, crashed.ids]).toEqual([['n0'], ['m0']]);
    }, 60_000);
  });
}

/** Lets clients die of the first message of a queue, one after the other. */
async function crashOn(probe: BusProbe, queue: string, times: number): Promise<void> {
  for (let returns = 0; returns < times; returns += 1) {
    const client = await probe.open();
    const delivery = await (await Tap.on(client.bus, queue, { prefetch: 1 })).at(0);
    expect(delivery.returns).toBe(returns);
    await client.crash();
  }
}

async function fill(bus: EventBus, queue: string, count: number, name = 'm'): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await bus.publish([{ event: someEvent(`${name}${i}`), to: [{ kind: 'queue', queue }] }]);
  }
}
