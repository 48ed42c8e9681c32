import { decodeStructuredText } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { ok, StoreUnavailableError } from '@aura/kernel';
import type { DeliveryContext, Handler, OutboundMessage, Outcome } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { handingOver, sayOrHandOver } from './hand-over';

const QUEUE = 'aura.tracker.3';
const own = (id: string, more: Partial<CloudEvent> = {}): OutboundMessage => ({
  event: someEvent(id, { correlationid: 's', ...more }),
  to: [{ kind: 'queue', queue: QUEUE }],
});
const outside = (id: string): OutboundMessage => ({
  event: someEvent(id, { correlationid: 's' }),
  to: [{ kind: 'exchange', exchange: 'aura.events', key: 'k' }],
});

function delivered(event: CloudEvent): DeliveryContext {
  const delivery = {
    queue: QUEUE,
    event: ok(event),
    headers: {},
    redelivered: false,
    returns: 0,
    envelope: () => ({ bytes: new Uint8Array(), headers: {} }),
    ack: () => undefined,
    giveBack: () => undefined,
  };
  return { delivery, event, consumer: 'coordinator', attempt: 1 };
}

describe('what a delivery leads to in its own queue and saga', () => {
  const seen: DeliveryContext[] = [];
  const published: string[] = [];
  let comesTo: ReadonlyMap<string, () => Outcome | Promise<Outcome>>;

  beforeEach(() => {
    seen.length = 0;
    published.length = 0;
  });

  const done =
    (id: string, ...publish: readonly OutboundMessage[]) =>
    (): Outcome => ({ kind: 'done', publish, published: () => void published.push(id) });

  const handler: Handler = async (context) => {
    seen.push(context);
    const outcome = comesTo.get(context.event.id);
    if (outcome === undefined) throw new Error(`nothing is known of ${context.event.id}`);
    return outcome();
  };

  async function handle(cause: CloudEvent = someEvent('cause', { correlationid: 's' })): Promise<Outcome> {
    return handingOver(handler)(delivered(cause));
  }

  const idsOf = (outcome: Outcome) =>
    outcome.kind === 'done' ? outcome.publish.map(({ event }) => event.id) : outcome.kind;

  it('is handled at once; what that comes to is published, and all of it is told', async () => {
    comesTo = new Map([
      ['cause', done('cause', own('end'))],
      ['end', done('end', own('next'), own('other'))],
      ['next', done('next', outside('asked'))],
      ['other', done('other')],
    ]);
    const outcome = await handle();
    expect(idsOf(outcome)).toEqual(['asked']);
    expect(seen.map(({ event }) => event.id)).toEqual(['cause', 'end', 'next', 'other']);
    expect(published).toEqual([]);
    if (outcome.kind === 'done') outcome.published?.();
    expect(published).toEqual(['cause', 'end', 'next', 'other']);
  });

  it('arrives as a delivery of its own, on the trace of its cause', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    comesTo = new Map([
      ['cause', done('cause', own('end'))],
      ['end', done('end')],
    ]);
    await handle(someEvent('cause', { correlationid: 's', traceparent, tracestate: 'a=b' }));
    const { delivery, event, attempt } = seen[1] as DeliveryContext;
    expect(event).toMatchObject({ id: 'end', traceparent, tracestate: 'a=b' });
    expect(delivery).toMatchObject({ queue: QUEUE, event: ok(event), redelivered: false, returns: 0 });
    expect(attempt).toBe(1);
    const { bytes, contentType } = delivery.envelope();
    expect(contentType).toBe('application/cloudevents+json; charset=utf-8');
    expect(decodeStructuredText(Buffer.from(bytes).toString())).toEqual(ok(event));
    expect(() => [delivery.ack(), delivery.giveBack()]).not.toThrow();
  });

  it('is handled once, where those who were asked say it again until it is published', async () => {
    comesTo = new Map([
      ['cause', done('cause', own('end'))],
      ['end', done('end', own('begin'))],
      ['begin', done('begin', own('end'), own('begin'))],
    ]);
    expect(idsOf(await handle())).toEqual([]);
    expect(seen.map(({ event }) => event.id)).toEqual(['cause', 'end', 'begin']);
  });

  it('is not published either, where it is said again beside other words, and the cause is not handled again', async () => {
    comesTo = new Map([
      ['cause', done('cause', own('begin'))],
      ['begin', done('begin', own('end'), own('cause'))],
      ['end', done('end', own('begin'), outside('completed'))],
    ]);
    expect(idsOf(await handle())).toEqual(['completed']);
    expect(seen.map(({ event }) => event.id)).toEqual(['cause', 'begin', 'end']);
  });

  it('is told to others, though it is the same event', async () => {
    comesTo = new Map([
      ['cause', done('cause', own('end'))],
      ['end', done('end', outside('end'), own('end'))],
    ]);
    const outcome = await handle();
    expect(outcome.kind === 'done' && outcome.publish).toEqual([outside('end')]);
    expect(seen.map(({ event }) => event.id)).toEqual(['cause', 'end']);
  });

  it.each<[string, OutboundMessage]>([
    ['of another saga', own('other', { correlationid: 't' })],
    ['for another queue', { ...own('other'), to: [{ kind: 'queue', queue: 'aura.tracker.4' }] }],
    ['for others as well', { ...own('other'), to: [...own('other').to, ...outside('other').to] }],
    ['that was tried before', { ...own('other'), headers: { attempt: 2 } }],
    ['of no queue', outside('other')],
  ])('is that alone: what is %s is published as it is', async (_what, message) => {
    comesTo = new Map([['cause', done('cause', message)]]);
    expect(idsOf(await handle())).toEqual(['other']);
    expect(seen).toHaveLength(1);
  });

  it('is published where others wait for what is said with it', async () => {
    comesTo = new Map([['cause', done('cause', outside('asked'), own('end'))]]);
    expect(idsOf(await handle())).toEqual(['asked', 'end']);
    expect(seen).toHaveLength(1);
  });

  it.each<[string, () => Outcome]>([
    ['held', () => ({ kind: 'held', reason: 'not yet', delayMs: 5 })],
    ['dropped', () => ({ kind: 'dropped', reason: 'unknown' })],
  ])('is published when it is %s', async (_kind, outcome) => {
    comesTo = new Map([
      ['cause', done('cause', own('end'))],
      ['end', outcome],
    ]);
    expect(idsOf(await handle())).toEqual(['end']);
  });

  it('is published when a store is away, and when it cannot be handled', async () => {
    comesTo = new Map<string, () => Outcome | Promise<Outcome>>([
      ['cause', done('cause', own('end'), own('broken'))],
      ['end', () => Promise.reject(new StoreUnavailableError('away'))],
    ]);
    expect(idsOf(await handle())).toEqual(['end', 'broken']);
  });

  it('is not looked for where the delivery itself is not done', async () => {
    comesTo = new Map([['cause', () => ({ kind: 'held', reason: 'not yet', delayMs: 5 })]]);
    expect(await handle()).toEqual({ kind: 'held', reason: 'not yet', delayMs: 5 });
  });
});

describe('what a first row says', () => {
  const said: string[] = [];
  const told: string[] = [];
  const bus = {
    publish: (messages: readonly OutboundMessage[]): Promise<void> => {
      said.push(messages.map(({ event }) => event.id).join('+'));
      return Promise.resolve();
    },
  };
  const asks: Outcome = {
    kind: 'done',
    publish: [outside('prepare')],
    published: () => void told.push('begin'),
  };

  beforeEach(() => {
    said.length = 0;
    told.length = 0;
  });

  async function say(
    comesTo: () => Promise<Outcome>,
    owned: readonly number[] = [2, 3],
  ): Promise<readonly string[]> {
    const handled: string[] = [];
    const handler: Handler = ({ event, delivery: { queue } }) => {
      handled.push(`${event.id} ${queue}`);
      return comesTo();
    };
    await sayOrHandOver([outside('started'), own('begin')], { bus, handler, owned: () => owned });
    return handled;
  }

  it('is handled at once where it is for the queue of an own partition alone; the rest is published', async () => {
    expect(await say(() => Promise.resolve(asks))).toEqual([`begin ${QUEUE}`]);
    expect(said).toEqual(['started', 'prepare']);
    expect(told).toEqual(['begin']);
  });

  it('is published where the partition is of another instance', async () => {
    expect(await say(() => Promise.resolve(asks), [2])).toEqual([]);
    expect(said).toEqual(['started+begin']);
  });

  it.each<[string, () => Promise<Outcome>]>([
    ['is to be held', () => Promise.resolve({ kind: 'held', reason: 'not yet', delayMs: 5 })],
    ['fails', () => Promise.reject(new StoreUnavailableError('away'))],
  ])('is published where it %s', async (_what, comesTo) => {
    await say(comesTo);
    expect(said).toEqual(['started', 'begin']);
  });

  it('is published where the bus refuses what it came to, which is not told as published', async () => {
    const refusing = {
      publish: async (messages: readonly OutboundMessage[]): Promise<void> => {
        await bus.publish(messages);
        if (messages.some(({ event }) => event.id === 'prepare')) throw new StoreUnavailableError('refused');
      },
    };
    const to = { bus: refusing, handler: () => Promise.resolve(asks), owned: () => [3] };
    await sayOrHandOver([own('begin')], to);
    expect(said).toEqual(['prepare', 'begin']);
    expect(told).toEqual([]);
  });

  it('is refused where the bus refuses all', async () => {
    const refusing = { publish: () => Promise.reject(new StoreUnavailableError('blocked')) };
    const to = { bus: refusing, handler: () => Promise.resolve(asks), owned: () => [3] };
    await expect(sayOrHandOver([own('begin')], to)).rejects.toThrow('blocked');
    expect(told).toEqual([]);
  });
});
