import type { EventBus } from '../bus';
import { type BusProbe, idsOf, quiet, someEvent, Tap, until } from './bus-probe';

/** Rules of consuming: shares, bounds, pausing and stopping. */
export function describeConsuming(probe: BusProbe): void {
  describe('consuming', () => {
    it('consumers of one queue share its messages, each message once', async () => {
      const [first, second] = [await probe.bus(), await probe.bus()];
      const queue = await probe.queue(first);
      const taps = [
        await Tap.on(first, queue, { prefetch: 5 }),
        await Tap.on(second, queue, { prefetch: 5 }),
      ];
      await fill(first, queue, 60);
      await until(() => taps.every((tap) => tap.deliveries.length === 5), 'both at their bound');
      const acked = new Set<object>();
      await until(() => {
        for (const delivery of taps.flatMap((tap) => tap.deliveries)) {
          if (!acked.has(delivery)) delivery.ack();
          acked.add(delivery);
        }
        return acked.size === 60;
      }, '60 shared messages');
      expect(new Set(taps.flatMap((tap) => tap.ids)).size).toBe(60);
    });

    it('at most prefetch deliveries are unsettled', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await fill(bus, queue, 20);
      const tap = await Tap.on(bus, queue, { prefetch: 5 });
      await tap.has(5);
      await quiet();
      expect(tap.deliveries).toHaveLength(5);
      tap.deliveries.slice(2, 4).forEach((delivery) => delivery.ack());
      await tap.has(7);
      await quiet();
      expect(tap.deliveries).toHaveLength(7);
    });

    it('settling twice counts once, in whatever order', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await fill(bus, queue, 6);
      const tap = await Tap.on(bus, queue, { prefetch: 3 });
      const [a, b, c] = await tap.has(3);
      c?.ack();
      c?.ack();
      c?.giveBack();
      a?.ack();
      a?.giveBack();
      b?.ack();
      await tap.has(6);
      tap.deliveries.slice(3).forEach((delivery) => delivery.ack());
      await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
      expect(new Set(tap.ids).size).toBe(6);
      expect(tap.ids).toHaveLength(6);
    });

    it('depth counts what waits and what this client has in hand', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await fill(bus, queue, 10);
      await until(async () => (await bus.depth(queue)) === 10, 'ten waiting');
      const tap = await Tap.on(bus, queue, { prefetch: 4 });
      await tap.has(4);
      expect(await bus.depth(queue)).toBe(10);
      tap.deliveries.slice(0, 4).forEach((delivery) => delivery.ack());
      await tap.has(8);
      await until(async () => (await bus.depth(queue)) === 6, 'six left');
    });

    it('health is up and every queue has its consumer', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      await Tap.acking(bus, queue);
      expect(bus.health()).toMatchObject({ status: 'up', withoutConsumer: [] });
    });

    describePausing(probe);
    describeStopping(probe);
  });
}

function describePausing(probe: BusProbe): void {
  it('a paused consumer gets nothing, may settle, and leaves the rest to others', async () => {
    const [paused, other] = [await probe.bus(), await probe.bus()];
    const queue = await probe.queue(paused);
    const tap = await Tap.on(paused, queue, { prefetch: 2 });
    await fill(paused, queue, 5);
    await tap.has(2);
    await tap.consumer.pause();
    tap.deliveries.forEach((delivery) => delivery.ack());
    const rest = await Tap.acking(other, queue);
    await rest.has(3);
    await quiet();
    expect(new Set([...tap.ids, ...rest.ids]).size).toBe(5);
    expect([tap.deliveries.length, rest.deliveries.length]).toEqual([2, 3]);
    expect(paused.health().withoutConsumer).toEqual([]);
  });

  it('a resumed consumer goes on, with another prefetch when asked', async () => {
    const bus = await probe.bus();
    const queue = await probe.queue(bus);
    const tap = await Tap.on(bus, queue, { prefetch: 4 });
    await tap.consumer.pause();
    await fill(bus, queue, 6);
    await quiet();
    expect(tap.deliveries).toHaveLength(0);
    await tap.consumer.resume(1);
    (await tap.at(0)).ack();
    await tap.has(2);
    await quiet();
    expect(tap.deliveries).toHaveLength(2);
    await tap.consumer.pause();
    await tap.consumer.resume();
    tap.deliveries[1]?.ack();
    await tap.has(6);
    expect(new Set(tap.ids).size).toBe(6);
  });
}

function describeStopping(probe: BusProbe): void {
  it('a stopped consumer waits for what is in hand and takes nothing new', async () => {
    const [stopped, other] = [await probe.bus(), await probe.bus()];
    const queue = await probe.queue(stopped);
    await fill(stopped, queue, 4);
    const tap = await Tap.on(stopped, queue, { prefetch: 2 });
    await tap.has(2);
    let isStopped = false;
    const stopping = tap.consumer.stop(10_000).then(() => {
      isStopped = true;
    });
    await quiet();
    expect(isStopped).toBe(false);
    tap.deliveries.forEach((delivery) => delivery.ack());
    await stopping;
    const rest = await Tap.acking(other, queue);
    await rest.has(2);
    await quiet();
    expect([tap.deliveries.length, rest.deliveries.length]).toEqual([2, 2]);
  });

  it('what is still in hand when the grace is over goes back', async () => {
    const [stopped, other] = [await probe.bus(), await probe.bus()];
    const queue = await probe.queue(stopped);
    await fill(stopped, queue, 3);
    const tap = await Tap.on(stopped, queue, { prefetch: 3 });
    (await tap.has(3))[0]?.ack();
    await tap.consumer.stop(20);
    const rest = await Tap.acking(other, queue);
    expect((await rest.has(2)).every(({ redelivered }) => redelivered)).toBe(true);
    tap.deliveries.forEach((delivery) => delivery.ack());
    await quiet();
    expect([tap.ids[0], ...rest.ids].sort()).toEqual(['m0', 'm1', 'm2']);
  });

  it('settling while the grace runs out is harmless: all that was not settled in time comes again', async () => {
    const [stopped, other] = [await probe.bus(), await probe.bus()];
    const queue = await probe.queue(stopped);
    await fill(stopped, queue, 60);
    const tap = await Tap.on(stopped, queue);
    const inHand = [...(await tap.has(60))];
    let isStopped = false;
    const stopping = tap.consumer.stop(1).then(() => {
      isStopped = true;
    });
    while (!isStopped) {
      inHand.shift()?.ack();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stopping;
    const rest = await Tap.acking(other, queue);
    await rest.has(inHand.length);
    await quiet();
    // What was settled when the bus had stopped listening may come again, too.
    expect(rest.ids).toEqual(expect.arrayContaining([...idsOf(inHand)]));
    expect(new Set(rest.ids).size).toBe(rest.ids.length);
  });
}

async function fill(bus: EventBus, queue: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await bus.publish([{ event: someEvent(`m${i}`), to: [{ kind: 'queue', queue }] }]);
  }
}
