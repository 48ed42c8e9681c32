import { stepNothingToUndo } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('cancelling a saga', () => {
  let house: House;
  let one: Housed;
  let two: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    two = await house.coordinator('two');
    await house.publish(one, puppetDefinition('pair', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    const last = { id: 'b', dependencies: ['pay'], failure: { policy: 'continue', output: {} } };
    await house.publish(
      one,
      puppetDefinition('paying', [{ id: 'a' }, { id: 'pay', dependencies: ['a'] }, last]),
    );
    await house.publish(one, puppetDefinition('booking', [{ id: 'a' }, { id: 'book', dependencies: ['a'] }]));
  });

  afterAll(() => house.close());
  afterEach(() => one.grip.heal());

  const cancel = ({ coordinator }: Housed, sagaId: string) =>
    coordinator.cancel({ sagaId, actor: BY_TEST, reason: 'changed my mind' });

  it('ends it with who and why in the journal, in its view and on the public face', async () => {
    const seen = await house.tap('ai.aura.saga.cancelled.v1.pair');
    const saga = await house.start(one, 'pair');
    const cancelled = await cancel(one, saga);
    expect(cancelled).toMatchObject({
      ok: true,
      value: { status: 'cancelled', cancelled: { by: 'tester', reason: 'changed my mind' } },
    });
    const view = await (await house.views('sagas')).get(saga);
    expect(view?.fields).toMatchObject({ status: 'cancelled', dueAt: null, seq: 2, publishedSeq: 2 });
    await eventually('it is told', () => seen.find(({ correlationid }) => correlationid === saga));
    expect((await house.rows(saga)).at(-1)?.body).toContain('"actor":{"subject":"tester"');
  });

  it('is answered the same when asked twice, at whatever instance, and however many ask at once', async () => {
    const saga = await house.start(one, 'pair');
    const all = await Promise.all([
      cancel(one, saga),
      cancel(two, saga),
      cancel(one, saga),
      cancel(two, saga),
    ]);
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(await house.rows(saga)).toHaveLength(2);
    expect(await cancel(two, saga)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
  });

  it('stands against steps that end later', async () => {
    const saga = await house.start(one, 'pair');
    await cancel(two, saga);
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition });
    await house.puppet.end({ saga, step: 'b', partition });
    await eventually('both are recorded', async () => {
      const found = await one.coordinator.find(saga);
      return found?.steps.every(({ status }) => status === 'completed') ? true : undefined;
    });
    expect((await one.coordinator.find(saga))?.status).toBe('cancelled');
  });

  it('undoes what is applied or may be before it ends, also where another instance tracks it', async () => {
    const saga = await house.start(one, 'booking');
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition });
    expect(await cancel(two, saga)).toMatchObject({
      ok: true,
      value: { status: 'compensating', applied: ['book'], cancelled: { by: 'tester' } },
    });
    expect(await cancel(one, saga)).toMatchObject({ ok: true, value: { status: 'compensating' } });
    expect(await one.coordinator.compensation(saga)).toMatchObject({
      begun: true,
      steps: [{ step: 'book', undo: 'undo-book', status: 'asked', epoch: 1 }],
    });
    const data = { reason: 'it had no effect' };
    await house.puppet.end({ saga, step: 'book', partition, type: stepNothingToUndo.type, data });
    await house.until(one, saga, 'cancelled');
  });

  it('is refused for one that was given up before, and for one whose pivot is applied', async () => {
    const given = await house.start(one, 'booking');
    const partition = await house.partition(given);
    await house.puppet.fail({ saga: given, step: 'a', partition });
    await house.until(one, given, 'compensating');
    expect(await cancel(two, given)).toMatchObject({ ok: false, error: { code: 'SAGA_GIVEN_UP' } });
    const paid = await house.start(one, 'paying');
    const own = { saga: paid, partition: await house.partition(paid) };
    await house.puppet.end({ ...own, step: 'a' }, { ...own, step: 'pay' });
    await eventually('it is paid', async () =>
      (await one.coordinator.find(paid))?.steps.some(
        ({ id, status }) => id === 'pay' && status === 'completed',
      )
        ? true
        : undefined,
    );
    expect(await cancel(two, paid)).toMatchObject({ ok: false, error: { code: 'SAGA_APPLIED' } });
  });

  it('that is to mend one which waits for nobody is refused', async () => {
    const saga = await house.start(one, 'pair');
    const request = { command: 'retry', actor: BY_TEST } as const;
    expect(await two.coordinator.mend({ ...request, sagaId: saga })).toMatchObject({
      ok: false,
      error: { code: 'CANNOT_MEND', message: expect.stringContaining('running') as string },
    });
    const nobody = await two.coordinator.mend({ ...request, sagaId: 'nobody' });
    expect(nobody).toMatchObject({ ok: false, error: { code: 'UNKNOWN_SAGA' } });
  });

  it('is refused for one that has ended at another instance, and for one that nobody holds', async () => {
    const saga = await house.start(one, 'pair');
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition });
    await house.puppet.end({ saga, step: 'b', partition });
    await house.until(one, saga, 'completed');
    for (const housed of [one, two])
      expect(await cancel(housed, saga)).toMatchObject({
        ok: false,
        error: { code: 'SAGA_ENDED', message: expect.stringContaining('completed') as string },
      });
    expect(await cancel(one, 'nobody')).toMatchObject({ ok: false, error: { code: 'UNKNOWN_SAGA' } });
  });

  it('that cannot be told at once is told later', async () => {
    const seen = await house.tap('ai.aura.saga.cancelled.v1.pair');
    const saga = await house.start(one, 'pair');
    const isEnd = ([messages]: readonly unknown[]): boolean => {
      const text = JSON.stringify(messages);
      return text.includes(saga) && text.includes('saga.cancelled');
    };
    one.grip.fail({ call: 'bus.publish', when: 'before', matches: isEnd });
    expect(await cancel(one, saga)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    await eventually('it is told', () => seen.find(({ correlationid }) => correlationid === saga));
  });

  it('says that the store is away when the row cannot be appended', async () => {
    const saga = await house.start(one, 'pair');
    one.grip.fail({ call: 'journal.append', when: 'before' });
    await expect(cancel(one, saga)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await one.coordinator.find(saga))?.status).toBe('running');
  });
});
