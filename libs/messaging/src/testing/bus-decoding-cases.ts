import { MAX_ENVELOPE_BYTES } from '../bus';
import { type BusProbe, someEvent, Tap, until } from './bus-probe';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

/** Rules of what comes from outside: every mode is understood, and what is no event is said so and never stuck. */
export function describeDecoding(probe: BusProbe): void {
  describe('decoding', () => {
    it.each(['cloudEvents:', 'cloudEvents_', 'ce-'])(
      'binary mode with headers %s is understood',
      async (begin) => {
        const client = await probe.open();
        const queue = await probe.queue(client.bus);
        const attributes = {
          specversion: '1.0',
          id: 'b1',
          source: 's',
          type: 'com.example.sent.v1',
          correlationid: 'c',
        };
        const headers = Object.fromEntries(Object.entries(attributes).map(([k, v]) => [begin + k, v]));
        await client.injectRaw(queue, Buffer.from('{"a":[1]}'), 'application/json', headers);
        const { event } = await (await Tap.acking(client.bus, queue)).at(0);
        expect(event).toMatchObject({
          ok: true,
          value: { ...attributes, datacontenttype: 'application/json', data: { a: [1] } },
        });
      },
    );

    it.each([STRUCTURED, `${STRUCTURED}; charset=utf-8`, 'text/plain', 'application/json', undefined])(
      'structured mode is understood when the content type says %s',
      async (contentType) => {
        const client = await probe.open();
        const queue = await probe.queue(client.bus);
        await client.injectRaw(queue, bytesOf(someEvent('s1')), contentType, {});
        const { event } = await (await Tap.acking(client.bus, queue)).at(0);
        expect(event).toEqual({ ok: true, value: someEvent('s1') });
      },
    );

    it.each([
      ['bytes that are no JSON', 'no json'],
      ['an event without id', JSON.stringify({ specversion: '1.0', source: 's', type: 'a.b' })],
      [
        'an event of another version',
        JSON.stringify({ specversion: '0.3', id: '1', source: 's', type: 'a.b' }),
      ],
      ['nothing', ''],
    ])('%s is UNDECODABLE, kept byte for byte, and does not block', async (_what, text) => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      await client.injectRaw(queue, Buffer.from(text), STRUCTURED, { 'x-origin': 'elsewhere' });
      const tap = await Tap.on(client.bus, queue, { prefetch: 1, onDelivery: (delivery) => delivery.ack() });
      const delivery = await tap.at(0);
      expect(delivery.event).toMatchObject({ ok: false, error: { code: 'UNDECODABLE' } });
      expect(Buffer.from(delivery.envelope().bytes).toString()).toBe(text);
      expect(delivery.envelope()).toMatchObject({
        contentType: STRUCTURED,
        headers: { 'x-origin': 'elsewhere' },
      });
      await client.bus.publish([{ event: someEvent('next'), to: [{ kind: 'queue', queue }] }]);
      expect((await tap.at(1)).event.ok).toBe(true);
    });

    it('a batch outside the tracker is refused', async () => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      await client.injectRaw(queue, bytesOf([someEvent('x1'), someEvent('x2')]), BATCH, {});
      const delivery = await (await Tap.acking(client.bus, queue)).at(0);
      expect(delivery.event).toMatchObject({ ok: false, error: { code: 'BATCH_REFUSED' } });
      await until(async () => (await client.bus.depth(queue)) === 0, 'an empty queue');
    });

    it('an envelope over 8 MiB is TOO_LARGE', async () => {
      const client = await probe.open();
      const queue = await probe.queue(client.bus);
      const huge = Buffer.alloc(MAX_ENVELOPE_BYTES + 1, ' ');
      await client.injectRaw(queue, huge, STRUCTURED, {});
      const delivery = await (await Tap.acking(client.bus, queue)).at(0);
      expect(delivery.event).toMatchObject({ ok: false, error: { code: 'TOO_LARGE' } });
      expect(delivery.envelope().bytes.length).toBe(huge.length);
    });

    describeBatches(probe);
  });
}

function describeBatches(probe: BusProbe): void {
  it('a batch is settled when all of its events are', async () => {
    const client = await probe.open();
    const queue = await probe.queue(client.bus, 'tracker');
    await client.injectRaw(queue, bytesOf(['x1', 'x2', 'x3'].map((id) => someEvent(id))), BATCH, {});
    const tap = await Tap.on(client.bus, queue);
    const deliveries = await tap.has(3);
    expect(tap.ids).toEqual(['x1', 'x2', 'x3']);
    deliveries.slice(0, 2).forEach((delivery) => delivery.ack());
    await client.crash();
    const bus = await probe.bus();
    await bus.declareQueue({ queue, kind: 'tracker' });
    const again = await Tap.on(bus, queue);
    expect([...(await again.has(3))].map(({ redelivered }) => redelivered)).toEqual([true, true, true]);
    again.deliveries.forEach((delivery) => delivery.ack());
    await until(async () => (await bus.depth(queue)) === 0, 'an empty queue');
  });

  it('a batch with one event given back comes again whole', async () => {
    const client = await probe.open();
    const queue = await probe.queue(client.bus, 'tracker');
    await client.injectRaw(queue, bytesOf([someEvent('x1'), someEvent('x2')]), BATCH, {});
    const tap = await Tap.on(client.bus, queue);
    const [first, second] = await tap.has(2);
    first?.giveBack();
    second?.ack();
    await tap.has(4);
    expect(tap.ids).toEqual(['x1', 'x2', 'x1', 'x2']);
    tap.deliveries.slice(2).forEach((delivery) => delivery.ack());
    await until(async () => (await client.bus.depth(queue)) === 0, 'an empty queue');
  });

  it('a batch with an event that is none is UNDECODABLE as a whole, and does not block', async () => {
    const client = await probe.open();
    const queue = await probe.queue(client.bus, 'tracker');
    await client.injectRaw(queue, bytesOf([someEvent('x1'), { specversion: '1.0' }]), BATCH, {});
    const tap = await Tap.on(client.bus, queue, { prefetch: 1, onDelivery: (delivery) => delivery.ack() });
    await tap.has(1);
    await client.bus.publish([{ event: someEvent('next'), to: [{ kind: 'queue', queue }] }]);
    await tap.has(2);
    expect(tap.ids).toEqual(['UNDECODABLE', 'next']);
  });
}

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
