import { EVENTS_EXCHANGE, STEPS_EXCHANGE, type Destination, type EventBus } from '../bus';
import { UnroutableError } from '../bus-errors';
import { type BusProbe, quiet, someEvent, Tap } from './bus-probe';

type Exchange = typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;

/** Rules of routing: patterns on the public face, exact keys on the fast lane, and the bridge between them. */
export function describeRouting(probe: BusProbe): void {
  describe('routing', () => {
    it.each([
      ['*.made', ['a.made', 'b.made']],
      ['#', ['a.made', 'b.made', 'a.b.made', 'a']],
      ['a.#', ['a.made', 'a.b.made', 'a']],
      ['a.*', ['a.made']],
      ['#.made', ['a.made', 'b.made', 'a.b.made']],
      ['a.made', ['a.made']],
    ])('pattern %s on aura.events takes %j', async (pattern, expected) => {
      const bus = await probe.bus();
      const base = probe.name('key');
      const tap = await boundTap(probe, bus, EVENTS_EXCHANGE, `${base}.${pattern}`);
      await send(bus, EVENTS_EXCHANGE, base, ['a.made', 'b.made', 'a.b.made', 'a']);
      await tap.has(expected.length);
      await quiet();
      expect([...tap.ids].sort()).toEqual([...expected].sort());
    });

    it('aura.steps takes exact keys alone', async () => {
      const bus = await probe.bus();
      const base = probe.name('key');
      const exact = await boundTap(probe, bus, STEPS_EXCHANGE, `${base}.a.made`);
      const stars = await boundTap(probe, bus, STEPS_EXCHANGE, `${base}.#`);
      await send(bus, STEPS_EXCHANGE, base, ['a.made', 'b.made', '#']);
      await Promise.all([exact.has(1), stars.has(1)]);
      await quiet();
      expect([exact.ids, stars.ids]).toEqual([['a.made'], ['#']]);
    });

    it('a key of the fast lane is seen on the public face while it is bound there', async () => {
      const bus = await probe.bus();
      const base = probe.name('key');
      const key = `${base}.a.made`;
      const seen = await boundTap(probe, bus, EVENTS_EXCHANGE, `${base}.#`);
      await bus.bind([{ kind: 'publicFace', key }]);
      await send(bus, STEPS_EXCHANGE, base, ['a.made', 'b.made']);
      await seen.has(1);
      await bus.unbind([{ kind: 'publicFace', key }]);
      await send(bus, STEPS_EXCHANGE, base, ['a.made']);
      await quiet();
      expect(seen.ids).toEqual(['a.made']);
    });

    it('every bound queue gets its copy, also of several destinations of one message', async () => {
      const bus = await probe.bus();
      const base = probe.name('key');
      const taps = await Promise.all([
        boundTap(probe, bus, EVENTS_EXCHANGE, `${base}.#`),
        boundTap(probe, bus, EVENTS_EXCHANGE, `${base}.a`),
        boundTap(probe, bus, STEPS_EXCHANGE, `${base}.a`),
      ]);
      const queue = await probe.queue(bus);
      const direct = await Tap.acking(bus, queue);
      const to: Destination[] = [
        { kind: 'exchange', exchange: EVENTS_EXCHANGE, key: `${base}.a` },
        { kind: 'exchange', exchange: STEPS_EXCHANGE, key: `${base}.a` },
        { kind: 'queue', queue },
      ];
      await bus.publish([{ event: someEvent('one'), to }]);
      await Promise.all([...taps, direct].map((tap) => tap.has(1)));
      await quiet();
      expect([...taps, direct].map((tap) => tap.ids)).toEqual([['one'], ['one'], ['one'], ['one']]);
    });

    it('an unbound queue gets nothing more; binding twice delivers once', async () => {
      const bus = await probe.bus();
      const base = probe.name('key');
      const queue = await probe.queue(bus);
      const binding = { kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key: `${base}.a` } as const;
      await bus.bind([binding, binding]);
      const tap = await Tap.acking(bus, queue);
      await send(bus, EVENTS_EXCHANGE, base, ['a']);
      await tap.has(1);
      await bus.unbind([binding]);
      await send(bus, EVENTS_EXCHANGE, base, ['a']);
      await quiet();
      expect(tap.ids).toEqual(['a']);
    });

    it('a mandatory message that no queue takes is an error, another one is not', async () => {
      const bus = await probe.bus();
      const key = probe.name('nobody');
      const to = { kind: 'exchange', exchange: STEPS_EXCHANGE, key } as const;
      await bus.publish([{ event: someEvent('quiet'), to: [to] }]);
      const refusal = bus.publish([{ event: someEvent('loud'), to: [{ ...to, mandatory: true }] }]);
      await expect(refusal).rejects.toThrow(UnroutableError);
      await expect(refusal).rejects.toMatchObject({ details: { exchange: STEPS_EXCHANGE, key } });
    });

    it('a mandatory message of one call does not fail another call of the same turn', async () => {
      const bus = await probe.bus();
      const queue = await probe.queue(bus);
      const to = {
        kind: 'exchange',
        exchange: EVENTS_EXCHANGE,
        key: probe.name('nobody'),
        mandatory: true,
      } as const;
      const results = await Promise.allSettled([
        bus.publish([{ event: someEvent('loud'), to: [to] }]),
        bus.publish([{ event: someEvent('fine'), to: [{ kind: 'queue', queue }] }]),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    });

    it('a subscriber queue goes with its client', async () => {
      const subscriber = await probe.open();
      const key = probe.name('key');
      const queue = await probe.queue(subscriber.bus, 'subscriber');
      await subscriber.bus.bind([{ kind: 'queue', queue, exchange: EVENTS_EXCHANGE, key }]);
      const tap = await Tap.acking(subscriber.bus, queue);
      const bus = await probe.bus();
      const to = { kind: 'exchange', exchange: EVENTS_EXCHANGE, key, mandatory: true } as const;
      await bus.publish([{ event: someEvent('seen'), to: [to] }]);
      await tap.has(1);
      await subscriber.close();
      await expect(bus.publish([{ event: someEvent('gone'), to: [to] }])).rejects.toThrow(UnroutableError);
    });
  });
}

async function boundTap(probe: BusProbe, bus: EventBus, exchange: Exchange, key: string): Promise<Tap> {
  const queue = await probe.queue(bus);
  await bus.bind([{ kind: 'queue', queue, exchange, key }]);
  return Tap.acking(bus, queue);
}

async function send(bus: EventBus, exchange: Exchange, base: string, keys: readonly string[]): Promise<void> {
  await bus.publish(
    keys.map((key) => ({
      event: someEvent(key),
      to: [{ kind: 'exchange', exchange, key: `${base}.${key}` }],
    })),
  );
}
