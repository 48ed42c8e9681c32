import type { CloudEvent } from '@aura/contracts';
import { isAuraError } from '@aura/kernel';
import { UnroutableError } from '../bus-errors';
import { type BusProbe, someEvent, Tap, until } from './bus-probe';

/** Rules of publishing: what goes in comes out, safe when `publish` resolves. */
export function describePublishing(probe: BusProbe): void {
  describe('publishing', () => {
    it('an event arrives with every attribute and its data as sent', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const events = differentEvents();
      const tap = await Tap.acking(bus, queue);
      await bus.publish(events.map((event) => ({ event, to: [{ kind: 'queue', queue }] })));
      const arrived = (await tap.has(events.length)).map(({ event }) =>
        event.ok ? event.value : event.error,
      );
      expect(sortedById(arrived)).toEqual(sortedById(events));
    });

    it('headers of ours travel beside the event', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const held = { heldSince: 1_760_000_000_123, heldForMs: 500 };
      const headers = { attempt: 3, targets: ['a_step', 'b_step'], ...held };
      await bus.publish([{ event: someEvent('e1'), to: [{ kind: 'queue', queue }], headers }]);
      const delivery = await (await Tap.acking(bus, queue)).at(0);
      expect(delivery.headers).toEqual(headers);
      expect(delivery).toMatchObject({ queue, redelivered: false, returns: 0 });
    });

    it('a payload of 1 MiB arrives bit for bit', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const data = Uint8Array.from({ length: 1024 * 1024 }, (_, i) => (i * 31 + (i >> 8)) & 255);
      await bus.publish([{ event: someEvent('big', { data }), to: [{ kind: 'queue', queue }] }]);
      const { event } = await (await Tap.acking(bus, queue)).at(0);
      expect(
        event.ok && event.value.data instanceof Uint8Array && Buffer.compare(event.value.data, data),
      ).toBe(0);
    });

    it('what was published waits for a consumer that comes later', async () => {
      const publisher = await probe.open();
      const queue = await probe.queue(publisher.bus);
      await publisher.bus.publish([{ event: someEvent('early'), to: [{ kind: 'queue', queue }] }]);
      await publisher.close();
      expect((await (await Tap.acking(await probe.bus(), queue)).at(0)).event.ok).toBe(true);
    });

    it('a thousand events of many calls in one turn all arrive once', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const tap = await Tap.acking(bus, queue);
      const ids = Array.from({ length: 1000 }, (_, i) => `e${i}`);
      await Promise.all(
        ids.map((id) => bus.publish([{ event: someEvent(id), to: [{ kind: 'queue', queue }] }])),
      );
      await tap.has(1000);
      expect(new Set(tap.ids)).toEqual(new Set(ids));
      expect(tap.ids).toHaveLength(1000);
    });

    it('copies for a tracker travel in batches and arrive one by one', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus, 'tracker');
      const tap = await Tap.acking(bus, queue);
      const ids = Array.from({ length: 450 }, (_, i) => `e${i}`);
      await Promise.all(
        ids.map((id) => bus.publish([{ event: someEvent(id), to: [{ kind: 'queue', queue, batch: true }] }])),
      );
      await tap.has(450);
      expect(new Set(tap.ids)).toEqual(new Set(ids));
      await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
    });

    it('close waits for publishes under way', async () => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      const published = client.bus.publish([{ event: someEvent('last'), to: [{ kind: 'queue', queue }] }]);
      await client.close();
      await published;
      expect((await (await Tap.acking(await probe.bus(), queue)).at(0)).event.ok).toBe(true);
    });

    it('a queue that is not there is an error', async () => {
      const bus = await probe.bus();
      const queue = probe.name('nowhere');
      const publishing = bus.publish([{ event: someEvent('lost'), to: [{ kind: 'queue', queue }] }]);
      await expect(publishing).rejects.toThrow(UnroutableError);
    });

    it('a queue declared again with other bounds is refused and named', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus, 'ingress', { maxLength: 10 });
      await bus.declareQueue({ queue, kind: 'ingress', maxLength: 10 });
      const refusal = await bus
        .declareQueue({ queue, kind: 'ingress', maxLength: 11 })
        .catch((e: unknown) => e);
      expect(isAuraError(refusal) && [refusal.code, refusal.message.includes(queue)]).toEqual([
        'UNSAFE_SETUP',
        true,
      ]);
      await bus.publish([{ event: someEvent('after'), to: [{ kind: 'queue', queue }] }]);
    });
  });
}

function differentEvents(): readonly CloudEvent[] {
  const all = {
    subject: 'dress/7',
    time: '2026-02-03T04:05:06.789Z',
    dataschema: 'https://example.com/schema',
  };
  return [
    someEvent('full', {
      ...all,
      datacontenttype: 'application/json',
      correlationid: 's1',
      causationid: 'c1',
      aurarun: 2,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      foreign: 'kept',
    }),
    { specversion: '1.0', id: 'none', source: 'suite', type: 'test.nothing.said.v1' } as const,
    ...[null, true, 0, -1.5, '', '{"a":1}', 'ü\u0000 漢', [], [1, [2]], {}, { a: { b: null } }].map(
      (data, i) => someEvent(`json${i}`, { data }),
    ),
    someEvent('bytes', { datacontenttype: 'image/png', data: new Uint8Array([0, 255, 128, 10, 13]) }),
  ];
}

function sortedById<T extends object>(events: readonly T[]): readonly T[] {
  return [...events].sort((a, b) => ('id' in a && 'id' in b && String(a.id) < String(b.id) ? -1 : 1));
}
