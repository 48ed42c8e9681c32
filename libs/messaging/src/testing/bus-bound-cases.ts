import type { EventBus } from '../bus';
import { BusFullError } from '../bus-errors';
import { type BusProbe, someEvent, Tap, until } from './bus-probe';

/** Rules of time and room: delays and full queues. */
export function describeBounds(probe: BusProbe): void {
  describe('delays and bounds', () => {
    it('a delayed message comes to its queue not before its time, with its headers', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const sent = performance.now();
      await bus.publish([
        { event: someEvent('late'), to: [{ kind: 'delay', queue, delayMs: 400 }], headers: { attempt: 2 } },
        { event: someEvent('soon'), to: [{ kind: 'delay', queue, delayMs: 100 }] },
        { event: someEvent('now'), to: [{ kind: 'queue', queue }] },
      ]);
      const soon = await tap.has(2).then(() => performance.now());
      const late = await tap.has(3).then(() => performance.now());
      expect(tap.ids).toEqual(['now', 'soon', 'late']);
      expect([soon - sent >= 95, late - sent >= 395]).toEqual([true, true]);
      expect(tap.deliveries[2]).toMatchObject({
        queue,
        headers: { attempt: 2 },
        redelivered: false,
        returns: 0,
      });
      expect(tap.deliveries[2]?.headers.crashed).toBeUndefined();
    });

    it('a delayed message survives the client that sent it', async () => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      await client.bus.publish([{ event: someEvent('late'), to: [{ kind: 'delay', queue, delayMs: 250 }] }]);
      await client.crash();
      expect((await (await Tap.acking(await probe.bus(), queue)).at(0)).event.ok).toBe(true);
    });

    it('a bounded queue refuses when it is full, loses nothing it took, and takes again when there is room', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus, 'ingress', { maxLength: 5 });
      const taken: string[] = [];
      await until(async () => {
        const refusal = await tryPublish(bus, queue, `m${taken.length}`);
        if (refusal) expect(refusal).toBeInstanceOf(BusFullError);
        else taken.push(`m${taken.length}`);
        return refusal !== undefined;
      }, 'a refusal');
      expect(taken.length).toBeGreaterThanOrEqual(5);
      expect(taken.length).toBeLessThan(50);
      const tap = await Tap.acking(bus, queue);
      await tap.has(taken.length);
      expect(tap.ids).toEqual(expect.arrayContaining(taken));
      await until(async () => (await tryPublish(bus, queue, 'again')) === undefined, 'room again');
      await until(() => tap.ids.includes('again'), 'the one that found room');
    });
  });
}

async function tryPublish(bus: EventBus, queue: string, id: string): Promise<unknown> {
  return bus.publish([{ event: someEvent(id), to: [{ kind: 'queue', queue }] }]).then(
    () => undefined,
    (error: unknown) => error,
  );
}
