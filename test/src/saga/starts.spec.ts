import { sagaIdOfKey } from '@aura/kernel';
import { BusFullError, UnroutableError } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';
import { isOf } from './transaction-stage';

describe('starting a saga', () => {
  let house: House;
  let one: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('single', [{ id: 'a' }]));
  });

  afterAll(() => house.close());
  afterEach(() => one.grip.heal());

  const request = { workflow: 'single', input: { x: 1, y: { z: [1, 2] } }, actor: BY_TEST };

  it('begins one saga, however often the same key is used at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => one.coordinator.start({ ...request, idempotencyKey: 'k-many' })),
    );
    const ids = new Set(all.map((started) => (started.ok ? started.value.sagaId : started.error.code)));
    expect([...ids]).toEqual([sagaIdOfKey('tester', 'k-many')]);
    expect(await house.rows([...ids][0] ?? '')).toHaveLength(1);
  });

  it('takes the same input in another order as the same', async () => {
    await one.coordinator.start({ ...request, idempotencyKey: 'k-order' });
    const again = { ...request, input: { y: { z: [1, 2] }, x: 1 }, idempotencyKey: 'k-order' };
    expect(await one.coordinator.start(again)).toMatchObject({ ok: true, value: { duplicate: true } });
    const other = { ...request, input: { y: { z: [2, 1] }, x: 1 }, idempotencyKey: 'k-order' };
    expect(await one.coordinator.start(other)).toMatchObject({ ok: false, error: { code: 'KEY_REUSED' } });
  });

  it('answers a key that has started a saga whatever has come since, and refuses it for another start', async () => {
    const steps = [{ id: 'a' }];
    await house.publish(one, puppetDefinition('keyed', steps));
    const key = { ...request, workflow: 'keyed', idempotencyKey: 'k-since' };
    const first = await one.coordinator.start({ ...key, userId: 'u1' });
    await house.publish(
      one,
      puppetDefinition('keyed', steps, {
        version: '2.0.0',
        example: { new: 1 },
        input: { type: 'object', required: ['new'] },
      }),
    );
    expect(await one.coordinator.start({ ...key, userId: 'u1' })).toEqual({
      ok: true,
      value: { ...(first.ok ? first.value : {}), duplicate: true },
    });
    for (const other of [
      { userId: 'u2' },
      {},
      { userId: 'u1', version: '2.0.0' },
      { userId: 'u1', workflow: 'double' },
    ])
      expect(await one.coordinator.start({ ...key, ...other })).toMatchObject({
        error: { code: 'KEY_REUSED' },
      });
  });

  it('has its view before it is acknowledged', async () => {
    const saga = await house.start(one, 'single');
    const view = await (await house.views('sagas')).get(saga);
    expect(view?.fields).toMatchObject({ status: 'running', seq: 1, publishedSeq: 1 });
  });

  it.each(['', 'a\nb', 'eve\u0000', 'a\ud800b', 'x'.repeat(201)])(
    'refuses a person that no event could name: %j',
    async (userId) => {
      const started = await one.coordinator.start({
        ...request,
        userId,
        idempotencyKey: `k-of-${userId.length}`,
      });
      expect(started).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
      expect(await house.rows(sagaIdOfKey('tester', `k-of-${userId.length}`))).toEqual([]);
    },
  );

  it('refuses an input that is too large', async () => {
    const started = await one.coordinator.start({ ...request, input: { x: 'x'.repeat(1_100_000) } });
    expect(started).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
  });

  it.each([
    ['before', undefined],
    ['behind', undefined],
    ['before', new UnroutableError('aura.events', 'k')],
    ['before', new BusFullError('q')],
  ] as const)(
    'that stands but could not be published (%s its effect, %s) is accepted, and runs',
    async (when, error) => {
      const key = `k-${when}-${error?.code ?? 'away'}`;
      const saga = sagaIdOfKey('tester', key);
      const isStart = ([messages]: readonly unknown[]): boolean => JSON.stringify(messages).includes(saga);
      one.grip.fail({
        call: 'bus.publish',
        when,
        matches: isStart,
        ...(error === undefined ? {} : { error }),
      });
      const started = await one.coordinator.start({ ...request, idempotencyKey: key });
      expect(started).toMatchObject({
        ok: true,
        value: { sagaId: saga, status: 'running', duplicate: false },
      });
      expect((await (await house.views('sagas')).get(saga))?.fields['status']).toBe('running');
      await eventually('its first step is triggered', () =>
        house.puppet.received.some(({ event }) => event.ok && event.value.correlationid === saga)
          ? true
          : undefined,
      );
      const view = await eventually('its view stands', async () => {
        const found = await (await house.views('sagas')).get(saga);
        return found?.fields['publishedSeq'] === 1 ? found : undefined;
      });
      expect(view.fields).toMatchObject({ status: 'running' });
      expect(await one.coordinator.start({ ...request, idempotencyKey: key })).toMatchObject({
        ok: true,
        value: { duplicate: true },
      });
    },
  );

  it('many of which could not be published are published together: one without an answer does not hold up the others', async () => {
    const keys = Array.from({ length: 10 }, (_, n) => `k-many-${n}`);
    const sagas = keys.map((key) => sagaIdOfKey('tester', key));
    const refused = new Set<string>();
    const tried: string[] = [];
    const refusedOnce = (saga: string): boolean => !refused.has(saga) && refused.add(saga).has(saga);
    // Of those that gathered behind the first one.
    const isSecond = (saga: string): boolean => {
      if (!tried.includes(saga)) tried.push(saga);
      return tried[1] === saga;
    };
    const meant = (is: (saga: string) => boolean) => (args: readonly unknown[]) =>
      sagas.some((saga) => isOf(saga)(args) && is(saga));
    one.grip.fail({ call: 'bus.publish', when: 'before', times: 10, matches: meant(refusedOnce) });
    one.grip.fail({ call: 'bus.publish', when: 'never', times: 10, matches: meant(isSecond) });
    const starts = keys.map((idempotencyKey) => one.coordinator.start({ ...request, idempotencyKey }));
    expect((await Promise.all(starts)).every(({ ok }) => ok)).toBe(true);
    await eventually('the first steps of the others are triggered', () => {
      const begun = new Set(
        house.puppet.received.flatMap(({ event }) => (event.ok ? [event.value.correlationid] : [])),
      );
      return sagas.filter((saga) => begun.has(saga)).length === 9 ? true : undefined;
    });
    await one.die();
    one = await house.coordinator('one');
  });

  it('whose publication fails again is published in the end', async () => {
    const saga = sagaIdOfKey('tester', 'k-twice');
    one.grip.fail({ call: 'bus.publish', when: 'before', times: 2, matches: isOf(saga) });
    await one.coordinator.start({ ...request, idempotencyKey: 'k-twice' });
    await eventually('its first step is triggered', () =>
      house.puppet.received.some(({ event }) => event.ok && event.value.correlationid === saga)
        ? true
        : undefined,
    );
    expect(one.grip.hits).toBeGreaterThanOrEqual(2);
  });

  it('says that the store is away when the row cannot be appended', async () => {
    one.grip.fail({ call: 'journal.append', when: 'before' });
    expect(await one.coordinator.start(request)).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE' } });
  });

  it('lets an error that nobody expects through', async () => {
    one.grip.fail({ call: 'journal.append', when: 'before', error: new TypeError('what?') });
    await expect(one.coordinator.start(request)).rejects.toThrow('what?');
  });

  it('publishes what a coordinator left that died between append and publication', async () => {
    const two = await house.coordinator('two');
    await eventually('they share', () => (two.coordinator.partitions().length === 1 ? true : undefined));
    const saga = sagaIdOfKey('tester', 'k-death');
    const isStart = ([messages]: readonly unknown[]): boolean => JSON.stringify(messages).includes(saga);
    two.grip.fail({ call: 'bus.publish', when: 'before', times: 100, matches: isStart });
    const started = await two.coordinator.start({ ...request, idempotencyKey: 'k-death' });
    expect(started.ok).toBe(true);
    await (await house.views('sagas')).remove([saga]);
    await two.die();
    await eventually('its first step is triggered', () =>
      house.puppet.received.some(({ event }) => event.ok && event.value.correlationid === saga)
        ? true
        : undefined,
    );
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    expect((await house.until(one, saga, 'completed')).sequence).toBe(3);
  });

  it('runs a saga of which only the journal knew when the coordinator started', async () => {
    const isRow = ([messages]: readonly unknown[]): boolean => JSON.stringify(messages).includes(saga);
    const saga = sagaIdOfKey('tester', 'k-restart');
    one.grip.fail({ call: 'bus.publish', when: 'before', times: 100, matches: isRow });
    await one.coordinator.start({ ...request, idempotencyKey: 'k-restart' });
    await one.die();
    await (await house.views('sagas')).remove([saga]);
    one = await house.coordinator('one');
    await eventually('its first step is triggered', () =>
      house.puppet.received.some(({ event }) => event.ok && event.value.correlationid === saga)
        ? true
        : undefined,
    );
  });
});

describe('the key of a start', () => {
  it('stands for its saga a day later too, also when that has ended and another coordinator is asked', async () => {
    const house = await House.open();
    try {
      const one = await house.coordinator('one');
      await house.publish(one, puppetDefinition('single', [{ id: 'a' }]));
      const start = { workflow: 'single', input: {}, actor: BY_TEST, idempotencyKey: 'k-day' };
      const first = await one.coordinator.start(start);
      const saga = first.ok ? first.value.sagaId : '';
      await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
      await house.until(one, saga, 'completed');
      await one.stop();
      house.world.pass(24 * 3_600_000);
      const two = await house.coordinator('two');
      expect(await two.coordinator.start(start)).toMatchObject({
        ok: true,
        value: { sagaId: saga, duplicate: true },
      });
      expect(await two.coordinator.start({ ...start, input: { other: true } })).toMatchObject({
        ok: false,
        error: { code: 'KEY_REUSED' },
      });
    } finally {
      await house.close();
    }
  });
});
