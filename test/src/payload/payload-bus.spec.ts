import type { CloudEvent, JsonValue } from '@aura/contracts';
import {
  claimedData,
  DONE,
  isClaimed,
  MOST_INLINE_BYTES,
  payloadBus,
  tellingJournal,
  withData,
} from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { eventOf } from '../ground/ground';
import { Consumption, OUT, WORK } from '../pipeline/consumption';
import { elsewhere, NOWHERE, referenceTo } from './elsewhere';

/** JSON text of exactly so many bytes. */
const textOf = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('data over the inline bound', () => {
  let run: Consumption;
  beforeEach(async () => {
    run = await Consumption.open();
  });
  afterEach(() => run.close());

  /** Publishes an event as Aura's services do; answers it as a subscriber of the broker sees it. */
  async function published(data: CloudEvent['data'], more: Partial<CloudEvent> = {}): Promise<CloudEvent> {
    const { bus, embedded } = run.ground;
    const seen = run.out.length;
    const event = { ...someEvent(`e${String(seen)}`, more), data } as CloudEvent;
    await payloadBus(bus, embedded.claims).publish([{ event, to: [{ kind: 'queue', queue: OUT }] }]);
    await until(() => run.out.length > seen, 'the event comes');
    return eventOf(run.out[seen]);
  }

  test('travels by reference, what fits travels inside', async () => {
    const inside = await published(textOf(MOST_INLINE_BYTES));
    expect(inside).toMatchObject({ data: textOf(MOST_INLINE_BYTES) });
    expect(inside.dataref).toBeUndefined();
    const outside = await published(textOf(MOST_INLINE_BYTES + 1), { subject: 'anna' });
    expect(outside).toMatchObject({
      subject: 'anna',
      dataref: expect.stringMatching(/^urn:aura:claim:json:sha256:/),
    });
    expect(outside.data).toBeUndefined();
    expect((await withData(outside, run.ground.embedded.claims)).data).toBe(textOf(MOST_INLINE_BYTES + 1));
  });

  test('comes back as it was: JSON as JSON, bytes as bytes, without the reference', async () => {
    const { claims } = run.ground.embedded;
    const data: JsonValue = { text: 'ü'.repeat(MOST_INLINE_BYTES), list: [null, 0.1, '\u0000'] };
    const json = await withData(await published(data), claims);
    expect(json.data).toEqual(data);
    expect(json.dataref).toBeUndefined();
    const bytes = Uint8Array.from({ length: MOST_INLINE_BYTES + 1 }, (_, n) => n % 256);
    const binary = await published(bytes, { datacontenttype: 'image/x-raw' });
    expect(binary.dataref).toMatch(/^urn:aura:claim:bytes:/);
    expect([...((await withData(binary, claims)).data as Uint8Array)]).toEqual([...bytes]);
    const untyped = await published(Uint8Array.from(bytes, (byte) => 255 - byte));
    expect(isClaimed(untyped)).toBe(true);
  });

  test('is one object, however often it is published', async () => {
    const [first, second] = [await published(textOf(300_000)), await published(textOf(300_000))];
    expect(second.dataref).toBe(first.dataref);
  });

  test('is not published when it cannot be kept', async () => {
    const { bus, embedded } = run.ground;
    const event = { ...someEvent('e'), data: textOf(300_000) };
    await embedded.close();
    await expect(
      payloadBus(bus, embedded.claims).publish([{ event, to: [{ kind: 'queue', queue: OUT }] }]),
    ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('of somebody else, elsewhere, is left to him', async () => {
    const foreign = elsewhere(someEvent('e'), 'https://shop.example/payloads/1');
    const both = someEvent('e', { dataref: NOWHERE, data: { inside: true } });
    for (const event of [foreign, both, someEvent('e')]) {
      expect(isClaimed(event)).toBe(false);
      expect(await withData(event, run.ground.embedded.claims)).toBe(event);
    }
    await expect(claimedData('https://shop.example/1', run.ground.embedded.claims)).rejects.toMatchObject({
      code: 'CLAIM_UNREADABLE',
    });
  });

  test('that is no JSON is unreadable', async () => {
    const { claims } = run.ground.embedded;
    const digest = await claims.put(Uint8Array.of(0xff, 0xfe), 'application/json');
    await expect(claimedData(`urn:aura:claim:json:${digest}`, claims)).rejects.toMatchObject({
      code: 'CLAIM_UNREADABLE',
      message: expect.stringContaining(digest),
    });
  });

  test('is not told with its row, because it must be kept first; what fits is', async () => {
    const { bus, embedded } = run.ground;
    const telling = tellingJournal(payloadBus(bus, embedded.claims), embedded.journal('n'));
    const saying = (stream: string, size: number) => ({
      row: { stream, seq: 1, at: 1, operations: [], body: '{}' },
      publish: [
        { event: { ...someEvent(stream), data: textOf(size) }, to: [{ kind: 'queue', queue: OUT } as const] },
      ],
    });
    const rows = [saying('large', MOST_INLINE_BYTES + 1), saying('small', 1000)];
    expect(await telling.append(rows)).toEqual(['appended', 'told']);
    await until(() => run.out.length > 0, 'what fits comes');
    expect(run.out.map((one) => eventOf(one).id)).toEqual(['small']);
    expect(await embedded.journal('n').head('large')).toBe(1);
  });

  test('passes the rest of the bus on as it is', async () => {
    const { bus, embedded } = run.ground;
    const wrapped = payloadBus(bus, embedded.claims);
    expect(payloadBus(wrapped, embedded.claims)).toBe(wrapped);
    await wrapped.declareQueue({ queue: 'q', kind: 'work' });
    const binding = { kind: 'queue', queue: 'q', exchange: 'aura.steps', key: 'k' } as const;
    await wrapped.bind([binding]);
    await wrapped.publish([
      { event: someEvent('a'), to: [{ kind: 'exchange', exchange: 'aura.steps', key: 'k' }] },
    ]);
    expect(await wrapped.depth('q')).toBe(1);
    await wrapped.unbind([binding]);
    await wrapped.publish([
      { event: someEvent('b'), to: [{ kind: 'exchange', exchange: 'aura.steps', key: 'k' }] },
    ]);
    expect(await wrapped.depth('q')).toBe(1);
    const taken: string[] = [];
    const consumer = await wrapped.consume({
      queue: 'q',
      prefetch: 1,
      handle: (all) => all.forEach((one) => (taken.push(eventOf(one).id), one.ack())),
    });
    await until(() => taken.length === 1, 'it is taken');
    await consumer.stop(1000);
    expect(wrapped.health().status).toBe('up');
    wrapped.onHealth(() => undefined)();
    await wrapped.close();
    expect(wrapped.health().status).toBe('down');
  });

  describe('at a consumer that reads it', () => {
    test('reaches the handler; what waits or is retried goes on by reference', async () => {
      const { claims } = run.ground.embedded;
      const dataref = await referenceTo({ big: true }, claims);
      await run.consume(
        ({ delivery, event }) => {
          if (delivery.headers.heldSince === undefined)
            return { kind: 'held', reason: 'not yet', delayMs: 10 };
          expect(event).toMatchObject({ data: { big: true } });
          return DONE;
        },
        { claims },
      );
      await run.ground.send(WORK, elsewhere(someEvent('a'), dataref));
      await run.called(1);
      await run.world.advance(10);
      await run.called(2);
      await run.ground.emptied(WORK);
      expect(run.calls.map(({ delivery }) => eventOf(delivery).dataref)).toEqual([dataref, dataref]);
      expect(run.dead).toHaveLength(0);
    });

    test('that is not there climbs the ladder and ends as a dead letter that says so', async () => {
      await run.consume(() => DONE, { claims: run.ground.embedded.claims });
      await run.ground.send(WORK, elsewhere(someEvent('a'), NOWHERE));
      await until(async () => {
        await run.world.advance(60_000);
        return run.dead.length > 0;
      }, 'it is buried');
      expect(run.calls).toHaveLength(0);
      expect(eventOf(run.dead[0]).data).toMatchObject({
        attempts: 5,
        error: { kind: 'technical', code: 'CLAIM_MISSING', help: expect.stringContaining('Restore') },
      });
    });
  });
});
