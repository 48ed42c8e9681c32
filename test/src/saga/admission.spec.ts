import type { CloudEvent, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE, trackerQueue } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

const TYPE = 'shop.order.placed.v1';
/** What a coordinator looks at every second is looked at five times a second. */
const HASTE = 5;

describe('admission and ingress', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', { mostOpenSagas: 3, mostTrackerLag: 50 }, new Grip(HASTE));
    await house.publish(one, puppetDefinition('single', [{ id: 'a' }]));
  });

  afterEach(() => house.close());

  function ask() {
    return one.coordinator.start({ workflow: 'single', input: {}, actor: BY_TEST });
  }

  /** Until a start is refused; answers what was started before. */
  async function fill(): Promise<readonly string[]> {
    const sagas: string[] = [];
    for (;;) {
      const started = await ask();
      if (!started.ok) return sagas;
      sagas.push(started.value.sagaId);
    }
  }

  async function end(sagas: readonly string[]): Promise<void> {
    for (const saga of sagas)
      await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    for (const saga of sagas) await house.until(one, saga, 'completed');
  }

  async function place(id: string, data?: JsonValue, more: Partial<CloudEvent> = {}): Promise<void> {
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: '/shop',
      type: TYPE,
      ...(data === undefined ? {} : { data }),
      ...more,
    };
    await house.embedded.bus.publish([
      { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: TYPE }] },
    ]);
  }

  it('refuses starts at once while the broker is away, and takes them when it is back', async () => {
    one.grip.answer('bus.health', { status: 'down', reason: 'connection closed', withoutConsumer: [] });
    expect(await ask()).toMatchObject({
      ok: false,
      error: {
        code: 'UNAVAILABLE',
        message: expect.stringContaining('connection closed') as string,
        retryAfterMs: 5000,
      },
    });
    one.grip.heal();
    expect((await ask()).ok).toBe(true);
  });

  it('refuses starts while too many sagas are open, finishes those, and takes new ones again', async () => {
    const sagas = await fill();
    expect(sagas).toHaveLength(4);
    expect(await ask()).toMatchObject({
      ok: false,
      error: {
        code: 'OVERLOADED',
        retryAfterMs: 2000,
        message: expect.stringContaining('4 sagas are open') as string,
      },
    });
    await end(sagas);
    await eventually('there is room', async () => ((await ask()).ok ? true : undefined));
  });

  it('refuses starts while the broker asks publishers to wait', async () => {
    one.grip.answer('bus.health', { status: 'blocked', reason: 'memory', withoutConsumer: [] });
    expect(await ask()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('memory') as string },
    });
    one.grip.answer('bus.health', { status: 'blocked', withoutConsumer: [] });
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'OVERLOADED' } });
    one.grip.heal();
    expect((await ask()).ok).toBe(true);
  });

  /** Until a start is refused because of this many events; what was started before is ended. */
  async function lagIsSeen(events: number): Promise<void> {
    one.grip.answer('bus.depth', Promise.resolve(events));
    await eventually('the lag is seen', async () => {
      const asked = await ask();
      if (asked.ok) await end([asked.value.sagaId]);
      return asked.ok
        ? undefined
        : asked.error.message.includes(`${events} events wait to be tracked`) || undefined;
    });
  }

  it('refuses starts while the tracker lags', () => lagIsSeen(60));

  it('goes on measuring when it could not once', async () => {
    const sagas = await fill();
    one.grip.fail({ call: 'views.sagas.count', when: 'before' });
    await eventually('it is said', () =>
      house.warnings.some(({ message }) => message === 'the load could not be measured') ? true : undefined,
    );
    await end(sagas);
    await eventually('there is room', async () => ((await ask()).ok ? true : undefined));
  });

  /** Depths of the queues whose names match fail from now on. */
  function failDepths(queue: RegExp): void {
    const matches = ([name]: readonly unknown[]): boolean => queue.test(String(name));
    one.grip.fail({ call: 'bus.depth', when: 'before', times: Number.POSITIVE_INFINITY, matches });
  }

  it('counts the open sagas, and what waits elsewhere, also while one queue cannot be measured', async () => {
    failDepths(new RegExp(`^${trackerQueue(0)}$`));
    const sagas = await fill();
    await eventually('it is said', () =>
      house.warnings.some(({ message }) => message.includes(trackerQueue(0))) ? true : undefined,
    );
    expect(house.warnings.some(({ message }) => message.includes(trackerQueue(1)))).toBe(false);
    await end(sagas);
    await eventually('there is room', async () => ((await ask()).ok ? true : undefined));
  });

  it('takes the lag as it was while no queue can be measured', async () => {
    await lagIsSeen(60);
    one.grip.heal();
    failDepths(/./);
    const before = one.grip.hits;
    await eventually('it is measured in vain', () => (one.grip.hits > before + 4 ? true : undefined));
    expect(await ask()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('60 events wait') as string },
    });
  });

  const trigger = (more: Record<string, JsonValue>) => ({
    triggers: [{ on: TYPE, input: { word: 'event.data.word' }, ...more }],
    input: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
    example: { word: 'x' },
  });

  it('leaves events in the ingress while the house is full, and starts their sagas when there is room', async () => {
    await house.publish(one, puppetDefinition('on_order', [{ id: 'b' }], trigger({})));
    const sagas = await fill();
    const measured = async (): Promise<void> => {
      const before = one.grip.calls('views.sagas.count');
      await eventually('the load is measured', () =>
        one.grip.calls('views.sagas.count') > before + 1 ? true : undefined,
      );
    };
    await measured();
    await place('probe', { word: 'w' });
    await measured();
    expect(await house.embedded.bus.depth('aura.ingress')).toBe(1);
    const started = () =>
      house.puppet.received.filter(({ event }) => event.ok && event.value.type === 'ai.aura.saga.started.v1');
    const before = started().length;
    await place('order-1', { word: 'w' });
    await measured();
    expect(await house.embedded.bus.depth('aura.ingress')).toBe(2);
    expect(started().length).toBe(before);
    await end(sagas);
    await eventually('their sagas run', () => (started().length === before + 2 ? true : undefined));
  });

  it('starts one saga for what correlates, under its condition', async () => {
    await house.publish(
      one,
      puppetDefinition(
        'by_basket',
        [{ id: 'b' }],
        trigger({ when: 'event.data.total > 10', correlate: 'event.data.basket' }),
      ),
    );
    const seen = await house.tap('ai.aura.saga.started.#');
    await place(
      '1',
      { word: 'w', total: 20, basket: 'b1' },
      {
        subject: 'ada',
        time: '2030-01-01T00:00:00Z',
        traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      },
    );
    await place('2', { word: 'v', total: 20, basket: 'b1' });
    await place('3', { word: 'w', total: 5, basket: 'b2' });
    await place('4', { word: 'w', total: 20, basket: 'b3' });
    await eventually('two sagas run', () =>
      new Set(seen.map(({ correlationid }) => correlationid)).size === 2 ? true : undefined,
    );
    expect(seen.find(({ subject }) => subject === 'ada')).toMatchObject({ causationid: '1' });
  });

  it.each([
    [
      'a condition that is neither true nor false',
      { when: 'event.data.word' },
      { word: 'w' },
      'TRIGGER_CONDITION',
    ],
    [
      'a condition that cannot be evaluated',
      { when: 'event.data.missing > 1' },
      { word: 'w' },
      'TRIGGER_CONDITION',
    ],
    [
      'a correlation that is no text',
      { correlate: 'event.data.n' },
      { word: 'w', n: 3 },
      'TRIGGER_CORRELATION',
    ],
    ['an input that does not fit', {}, { word: 3 }, 'INVALID_INPUT'],
    ['an input that is not there', { input: 'event.data.nothing' }, { word: 'w' }, 'INVALID_INPUT'],
    ['an event without data', {}, undefined, 'INVALID_INPUT'],
  ])('keeps as a dead letter what meets %s', async (_what, more, data, code) => {
    await house.publish(one, puppetDefinition('on_order', [{ id: 'b' }], trigger(more)));
    await place('order-1', data);
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ code, consumer: 'coordinator' });
  });

  it('starts a saga on an event whose definition another instance has just activated', async () => {
    const two = await house.coordinator('two');
    await house.publish(two, puppetDefinition('on_order', [{ id: 'b' }], trigger({})));
    const seen = await house.tap('ai.aura.saga.started.#');
    await Promise.all(Array.from({ length: 4 }, (_, n) => place(`order-${n}`, { word: 'w' })));
    await eventually('all run', () =>
      new Set(seen.map(({ correlationid }) => correlationid)).size === 4 ? true : undefined,
    );
  });

  it('waits with an event when its saga cannot be opened', async () => {
    await house.publish(one, puppetDefinition('on_order', [{ id: 'b' }], trigger({})));
    const seen = await house.tap('ai.aura.saga.started.#');
    one.grip.fail({ call: 'journal.append', when: 'before' });
    await place('order-1', { word: 'w' });
    await eventually('it runs', () => (seen.length > 0 ? true : undefined));
    expect(one.grip.hits).toBe(1);
  });

  it('keeps as a dead letter what no active definition wants', async () => {
    const event: CloudEvent = { specversion: '1.0', id: 'x', source: '/x', type: 'x.y.v1' };
    await house.embedded.bus.publish([{ event, to: [{ kind: 'queue', queue: 'aura.ingress' }] }]);
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ code: 'NO_TRIGGER', consumer: 'coordinator' });
  });
});
