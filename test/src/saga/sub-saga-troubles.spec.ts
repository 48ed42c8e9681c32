import { consumerPaused, consumerResumed, stepUndoFailed } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { sagaIdOfChild, sagaStream } from '@aura/kernel';
import { eventually } from '../lab/eventually';
import { Family, tripDefinition } from './family';
import { BY_TEST, puppetDefinition } from './house';
import { Puppet, puppetAction } from './puppet';

const OPERATOR = { actor: BY_TEST, reason: 'as agreed' };
const STUCK = { kind: 'technical', code: 'STUCK', message: 'the hotel does not answer' };

/** The first rows that one append writes of sub-sagas of trips. */
function beginsChild(args: readonly unknown[], trip: () => string): boolean {
  const [rows] = args as readonly [readonly JournalRow[]];
  const stream = sagaStream(sagaIdOfChild({ saga: trip(), run: 1, step: 'stay' }, 1));
  return rows.some((row) => row.stream === stream && row.seq === 1);
}

describe('a sub-saga', () => {
  let family: Family;

  beforeEach(async () => {
    family = await Family.open([tripDefinition('trip')]);
  });
  afterEach(() => family.house.close());

  const startsOf = (saga: string): readonly string[] =>
    family.house.puppet.received.flatMap(({ event }) =>
      event.ok && event.value.correlationid === saga && event.value.type === 'ai.aura.saga.started.v1'
        ? [event.value.id]
        : [],
    );

  it.each(['before', 'behind'] as const)(
    'is begun once, and its parent hears of its end, when the store fails %s its first row is written',
    async (when) => {
      const { one } = family;
      let trip = '';
      one.grip.fail({ call: 'journal.append', when, matches: (args) => beginsChild(args, () => trip) });
      const opened = await one.coordinator.start({
        workflow: 'trip',
        input: { nights: 2 },
        actor: BY_TEST,
        idempotencyKey: `key/${when}`,
      });
      trip = opened.ok ? opened.value.sagaId : '';
      const child = await family.child(trip);
      await eventually('its steps hear of its start', () => startsOf(child)[0]);
      await family.end(child, 'a', 'book');
      await family.until(child, 'completed');
      await family.end(trip, 'b');
      await family.until(trip, 'completed');
      expect([...new Set(startsOf(child))]).toEqual([`saga/${child}/1/0`]);
      const starts = (await family.house.rows(child)).filter(({ operations }) =>
        operations.includes('start'),
      );
      expect(starts).toHaveLength(1);
    },
  );

  it('is cancelled, and mended, by what is said at another instance than its own', async () => {
    const { house } = family;
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    const two = await house.coordinator('two', { leaseMs: 3_600_000 });
    const cancelled = await two.coordinator.cancel({ sagaId: trip, actor: BY_TEST, reason: 'no time' });
    expect(cancelled.ok).toBe(true);
    await family.undo(child, 'book', { type: stepUndoFailed.type, data: { error: STUCK, attempts: 1 } });
    await family.until(child, 'compensation_failed');
    await family.until(trip, 'compensation_failed');
    const mended = await two.coordinator.mend({ ...OPERATOR, sagaId: child, command: 'resolve' });
    expect(mended.ok).toBe(true);
    await family.until(child, 'compensated');
    expect((await family.until(trip, 'cancelled')).cancelled?.reason).toBe('no time');
    expect(await two.coordinator.why(child)).toContain('is compensated');
  });

  it('of which a person leaves something has its parent wait for a person, too', async () => {
    const { coordinator } = family.one;
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await family.fail(trip, 'b');
    await family.undo(child, 'book', { type: stepUndoFailed.type, data: { error: STUCK, attempts: 1 } });
    await family.until(child, 'compensation_failed');
    await coordinator.mend({ ...OPERATOR, sagaId: child, command: 'skip' });
    await family.until(child, 'compensated');
    await family.until(trip, 'compensation_failed');
    await coordinator.mend({ ...OPERATOR, sagaId: trip, command: 'retry' });
    await eventually('the parent is told what was left', async () =>
      (await coordinator.find(trip))?.error?.code === 'UNDO_SKIPPED' ? true : undefined,
    );
    expect(await family.until(trip, 'compensation_failed')).toMatchObject({ applied: ['stay'] });
    await coordinator.mend({ ...OPERATOR, sagaId: trip, command: 'skip' });
    expect((await family.until(trip, 'compensated')).failedStep).toBe('b');
  });

  it('goes on as it is while a step beside it is run again', async () => {
    const { house, one } = family;
    const beside = puppetDefinition('beside', [
      { id: 'stay', type: 'saga', saga: { workflow: 'stay', input: {} } },
      { id: 'c', failure: { policy: 'suspend' } },
      { id: 'd', dependencies: ['c'] },
    ]);
    await house.publish(one, beside);
    const trip = await family.start('beside');
    const child = await family.child(trip);
    await family.end(child, 'a');
    await family.fail(trip, 'c');
    await family.until(trip, 'suspended');
    const rerun = await one.coordinator.rerun({ ...OPERATOR, sagaId: trip, from: 'c' });
    expect(rerun).toMatchObject({ ok: true });
    await family.until(trip, 'running');
    const partition = await house.partition(trip);
    await house.puppet.end({ saga: trip, step: 'c', partition, run: 2 });
    await house.puppet.end({ saga: trip, step: 'd', partition, run: 2 });
    await family.end(child, 'book');
    await family.until(child, 'completed');
    expect(await family.until(trip, 'completed')).toMatchObject({
      run: 2,
      steps: [
        { id: 'stay', run: 1, subSagas: [child] },
        { id: 'c', run: 2 },
        { id: 'd', run: 2 },
      ],
    });
  });
});

describe('the time limit of a step that a sub-saga performs', () => {
  it('stands still while a participant that works below it has paused, and goes on where it stood', async () => {
    const family = await Family.open([]);
    const { house, one } = family;
    const far = new Puppet(house.embedded.bus, 'far', [puppetAction('fly')]);
    await far.start();
    await house.publish(one, puppetDefinition('flight', [{ id: 'fly', timeout: '1m' }]));
    const stay = { id: 'stay', type: 'saga', saga: { workflow: 'flight', input: {} }, timeout: '10s' };
    await house.publish(one, puppetDefinition('trip', [stay]));
    const trip = await family.start('trip');
    await family.child(trip);
    const until = new Date(house.world.clock.now() + 60_000).toISOString();
    const error = { kind: 'technical', code: 'AWAY', message: 'away' };
    const paused = async (): Promise<boolean> =>
      (await house.embedded.fast('coordinator').registry.list('paused/')).has('paused/far/far@1');
    await far.tell(consumerPaused.type, { queue: 'q', until, error });
    await eventually('the pause is known', async () => ((await paused()) ? true : undefined));
    const looks = one.grip.calls('bus.health');
    await eventually('it has looked', () => (one.grip.calls('bus.health') > looks + 2 ? true : undefined));
    house.world.pass(20_000);
    await far.tell(consumerResumed.type, { queue: 'q' });
    await eventually('the pause is over', async () => ((await paused()) ? undefined : true));
    const before = one.grip.calls('bus.health');
    await eventually('it has looked', () => (one.grip.calls('bus.health') > before + 2 ? true : undefined));
    expect((await one.coordinator.find(trip))?.steps[0]?.status).toBe('triggered');
    house.world.pass(10_000);
    expect((await family.until(trip, 'failed')).error?.code).toBe('STEP_TIMEOUT');
    await far.stop();
    await house.close();
  });
});
