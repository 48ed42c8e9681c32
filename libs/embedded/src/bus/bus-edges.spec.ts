import { EVENTS_EXCHANGE, STEPS_EXCHANGE } from '@aura/messaging';
import { eventOf, idOf, send, until, watch } from '../testing/bus-watch';
import { EmbeddedHarness } from '../testing/embedded-harness';

const toSteps = (key: string) => [{ kind: 'exchange', exchange: STEPS_EXCHANGE, key } as const];

describe('the embedded bus at its edges', () => {
  let harness: EmbeddedHarness;
  beforeEach(async () => (harness = await EmbeddedHarness.open({ queueWindow: 10 })));
  afterEach(() => harness.close());

  it('refuses an event that is none before anything is written', async () => {
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const to = [{ kind: 'queue', queue: 'q' } as const];
    const publishing = bus.publish([
      { event: eventOf('fine'), to },
      { event: { ...eventOf('x'), id: '' }, to },
    ]);
    await expect(publishing).rejects.toMatchObject({ code: 'INVALID_EVENT' });
    expect(await bus.depth('q')).toBe(0);
  });

  it('freezes what it was given, as all readers get the same object', async () => {
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const event = { ...eventOf('x'), data: { list: [{ deep: 1 }] } };
    await bus.publish([{ event, to: [{ kind: 'queue', queue: 'q' }] }]);
    const { deliveries } = await watch(bus, 'q', 1);
    await until(() => deliveries.length === 1, 'the delivery');
    const read = deliveries[0]?.event;
    expect(read?.ok && read.value).toBe(event);
    expect(Object.isFrozen(event.data.list[0])).toBe(true);
  });

  it('refuses to bind or to read a queue that is not there', async () => {
    const { bus } = harness.embedded;
    const binding = { kind: 'queue', queue: 'nowhere', exchange: STEPS_EXCHANGE, key: 'k' } as const;
    await expect(bus.bind([binding])).rejects.toMatchObject({ code: 'UNSAFE_SETUP' });
    await expect(bus.depth('nowhere')).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await expect(watch(bus, 'nowhere', 1)).rejects.toMatchObject({ code: 'UNROUTABLE' });
    const delayed = { event: eventOf('x'), to: [{ kind: 'delay', queue: 'nowhere', delayMs: 1 } as const] };
    await expect(bus.publish([delayed])).rejects.toMatchObject({ code: 'UNROUTABLE' });
  });

  it('an unbound step key goes nowhere; other keys of the queue stay', async () => {
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const binding = (key: string) => ({ kind: 'queue', queue: 'q', exchange: STEPS_EXCHANGE, key }) as const;
    await bus.bind([binding('a'), binding('b'), { ...binding('a'), exchange: EVENTS_EXCHANGE }]);
    await bus.unbind([binding('a'), binding('never')]);
    await bus.publish(['a', 'b'].map((key) => ({ event: eventOf(key), to: toSteps(key) })));
    const { deliveries } = await watch(bus, 'q', 10);
    await until(() => deliveries.length === 1, 'one delivery');
    expect(deliveries.map(idOf)).toEqual(['b']);
  });

  it('a subscriber queue goes with its last consumer, also what of it waits in the file alone', async () => {
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'tail', kind: 'subscriber' });
    await bus.declareQueue({ queue: 'tail', kind: 'subscriber' });
    const first = await watch(bus, 'tail', 1);
    const second = await watch(bus, 'tail', 1);
    await send(
      bus,
      'tail',
      Array.from({ length: 40 }, (_, n) => `e${n}`),
    );
    await first.consumer.stop(0);
    expect(await bus.depth('tail')).toBe(40);
    await second.consumer.stop(0);
    await expect(bus.depth('tail')).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await bus.declareQueue({ queue: 'tail', kind: 'subscriber' });
    const again = await watch(bus, 'tail', 10);
    await send(bus, 'tail', ['new']);
    await until(() => again.deliveries.length === 1, 'the new one');
    expect(again.deliveries.map(idOf)).toEqual(['new']);
  });

  it('foreign bytes wait in the file as they came, headers and all', async () => {
    await harness.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    const bytes = Uint8Array.from([0, 255, 10, 13, 128]);
    await harness.embedded.injectRaw('q', { bytes, contentType: undefined, headers: { 'x-from': 'afar' } });
    await harness.embedded.injectRaw('q', { bytes, contentType: 'image/png', headers: {} });
    await harness.reopen();
    const { deliveries } = await watch(harness.embedded.bus, 'q', 10);
    await until(() => deliveries.length === 2, 'both');
    const [first, second] = deliveries.map((delivery) => delivery.envelope());
    expect(first).toEqual({ bytes, headers: { 'x-from': 'afar' } });
    expect(second).toEqual({ bytes, headers: {}, contentType: 'image/png' });
    expect(deliveries.map(idOf)).toEqual(['UNDECODABLE', 'UNDECODABLE']);
  });

  it('the envelope of an event is what the file holds, also after a restart', async () => {
    await harness.embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    const to = [{ kind: 'queue', queue: 'q' } as const];
    await harness.embedded.bus.publish([{ event: eventOf('x', 'ü😀'), to, headers: { attempt: 2 } }]);
    const before = await watch(harness.embedded.bus, 'q', 1);
    await until(() => before.deliveries.length === 1, 'the delivery');
    const envelope = before.deliveries[0]?.envelope();
    await harness.reopen();
    const { deliveries } = await watch(harness.embedded.bus, 'q', 1);
    await until(() => deliveries.length === 1, 'the delivery again');
    expect(deliveries[0]?.envelope()).toEqual(envelope);
    expect(Buffer.from(envelope?.bytes ?? []).toString()).toBe(JSON.stringify(eventOf('x', 'ü😀')));
    expect(envelope).toMatchObject({ headers: { attempt: 2 } });
  });

  it('a closed bus refuses everything and says that it is down', async () => {
    const bus = harness.embedded.connect();
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    await bus.close();
    await bus.close();
    const down = { code: 'STORE_UNAVAILABLE' };
    await expect(send(bus, 'q', ['x'])).rejects.toMatchObject(down);
    await expect(bus.declareQueue({ queue: 'r', kind: 'work' })).rejects.toMatchObject(down);
    await expect(bus.bind([])).rejects.toMatchObject(down);
    await expect(bus.unbind([])).rejects.toMatchObject(down);
    await expect(watch(bus, 'q', 1)).rejects.toMatchObject(down);
    expect(bus.health()).toMatchObject({ status: 'down', reason: 'closed' });
    expect(harness.embedded.bus.health().status).toBe('up');
  });

  it('a consumer that is stopped, paused or resumed again does no harm', async () => {
    const { bus } = harness.embedded;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const { consumer, deliveries } = await watch(bus, 'q', 5);
    await consumer.pause();
    await consumer.pause();
    await consumer.stop(0);
    await consumer.resume();
    await consumer.stop(0);
    await send(bus, 'q', ['x']);
    expect([deliveries.length, await bus.depth('q')]).toEqual([0, 1]);
  });
});
