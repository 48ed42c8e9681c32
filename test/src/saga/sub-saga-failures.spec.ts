import { stepNothingToUndo } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { Family, tripDefinition } from './family';
import { BY_TEST, puppetDefinition } from './house';

const NOTHING = { type: stepNothingToUndo.type, data: { reason: 'none' } } as const;
const enough = { repeat: { until: 'output.book.by == "book"', max: 3 } };

describe('a step whose sub-saga fails', () => {
  let family: Family;

  beforeAll(async () => {
    family = await Family.open([
      tripDefinition('strict'),
      tripDefinition('suspending', { failure: { policy: 'suspend' } }),
      tripDefinition('going', { failure: { policy: 'continue', output: { book: 'none' } } }),
      tripDefinition('falling', { failure: { policy: 'fallback', action: 'c' } }),
      tripDefinition('defaulting', { failure: { policy: 'fallback', output: { book: { by: 'hand' } } } }),
    ]);
  });
  afterAll(() => family.house.close());

  /** A trip whose sub-saga fails before it did anything. */
  async function failing(trip: string): Promise<{ readonly trip: string; readonly child: string }> {
    const id = await family.start(trip);
    const child = await family.child(id);
    await family.fail(child, 'a');
    await family.undo(child, 'book', NOTHING);
    return { trip: id, child };
  }

  it('has its saga given up, with the reason', async () => {
    const { trip, child } = await failing('strict');
    const { error, failedStep } = await family.until(trip, 'failed');
    expect(failedStep).toBe('stay');
    expect(error?.message).toContain(`sub-saga ${child} (stay 1.0.0) ended as failed: a is broken`);
    expect(await family.until(child, 'failed')).toMatchObject({ failedStep: 'a' });
  });

  it('has its saga given up when a person cancels the sub-saga', async () => {
    const trip = await family.start('strict');
    const child = await family.child(trip);
    await family.one.coordinator.cancel({ sagaId: child, actor: BY_TEST, reason: 'sold out' });
    await family.undo(child, 'book', NOTHING);
    await family.until(child, 'cancelled');
    expect((await family.until(trip, 'failed')).error?.message).toContain('ended as cancelled');
  });

  it('continues with its default output once the sub-saga is known to stand for nothing', async () => {
    const { trip } = await failing('going');
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({
      status: 'continued',
      output: { book: 'none' },
    });
  });

  it('completes with its default output', async () => {
    const { trip } = await failing('defaulting');
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({
      output: { book: { by: 'hand' } },
    });
  });

  it('falls back to an action', async () => {
    const { trip } = await failing('falling');
    await eventually('the fallback is asked for', async () =>
      (await family.one.coordinator.find(trip))?.steps.some(({ id }) => id === 'stay.fallback') === true
        ? true
        : undefined,
    );
    const partition = await family.house.partition(trip);
    await family.house.puppet.end({ saga: trip, step: 'stay.fallback', partition, type: 'puppet.c.done.v1' });
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({ byFallback: true });
  });

  it('is tried again for a person by a sub-saga of its own', async () => {
    const { trip, child } = await failing('suspending');
    await family.until(trip, 'suspended');
    await family.one.coordinator.mend({ sagaId: trip, command: 'retry', actor: BY_TEST, reason: 'again' });
    const second = await family.child(trip, 2);
    await family.end(second, 'a', 'book');
    await family.until(second, 'completed');
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({
      status: 'completed',
      subSagas: [child, second],
    });
  });
});

describe('a sub-saga that is repeated', () => {
  let family: Family;

  beforeAll(async () => {
    family = await Family.open([
      tripDefinition('twice', {}, enough),
      tripDefinition('odd', {}, { repeat: { until: 'output.book.gone', max: 2 } }),
      tripDefinition('vague', {}, { repeat: { until: 'output.book.by', max: 2 } }),
      tripDefinition('vain', {}, { repeat: { until: 'output.book.by == "nobody"', max: 2 } }),
    ]);
  });
  afterAll(() => family.house.close());

  /** Has the n-th sub-saga complete; its output names who did it. */
  async function round(trip: string, n: number, by: string): Promise<string> {
    const child = await family.child(trip, n);
    const partition = await family.house.partition(child);
    await family.house.puppet.end(
      { saga: child, step: 'a', partition },
      { saga: child, step: 'book', partition, data: { output: { by } } },
    );
    // Where the parent is given up because of it, it is taken back at once.
    await eventually(`sub-saga ${child} has completed`, async () =>
      (await family.one.coordinator.find(child))?.status === 'running' ? undefined : true,
    );
    return child;
  }

  it('goes on until its output is enough; the last one is the output of the step', async () => {
    const trip = await family.start('twice');
    const first = await round(trip, 1, 'nobody');
    const second = await family.child(trip, 2);
    expect(await family.one.coordinator.why(trip)).toContain(
      `sub-saga ${second} (stay 1.0.0, 2 of at most 3)`,
    );
    await round(trip, 2, 'book');
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({
      subSagas: [first, second],
      output: { book: { by: 'book' } },
    });
  });

  it('is undone as often as it was done, the last one first', async () => {
    const trip = await family.start('twice');
    const first = await round(trip, 1, 'nobody');
    const second = await round(trip, 2, 'book');
    await family.fail(trip, 'b');
    await family.undo(second, 'book', {});
    await family.until(second, 'compensated');
    await family.undo(first, 'book', {});
    const { endedAt: firstEnd = '' } = await family.until(first, 'compensated');
    const { endedAt: secondEnd = '' } = await family.until(second, 'compensated');
    expect(firstEnd >= secondEnd).toBe(true);
    await family.until(trip, 'compensated');
  });

  it.each([
    ['vain', 'REPEATED_IN_VAIN', 2],
    ['odd', 'INVALID_CONDITION', 1],
    ['vague', 'INVALID_CONDITION', 1],
  ])('fails when it never is enough, or nobody can say: %s', async (definition, code, rounds) => {
    const trip = await family.start(definition);
    const children: string[] = [];
    for (let n = 1; n <= rounds; n += 1) children.push(await round(trip, n, 'book'));
    for (const child of children.reverse()) await family.undo(child, 'book');
    expect((await family.until(trip, 'compensated')).error).toMatchObject({ code });
  });
});

describe('a sub-saga of which nothing is heard', () => {
  it('goes on behind the death of the coordinator, at whatever instance', async () => {
    const family = await Family.open([tripDefinition('trip')], {});
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await family.end(child, 'a');
    await family.one.die();
    family.one = await family.house.coordinator('two');
    await family.end(child, 'book');
    await family.until(child, 'completed');
    await family.end(trip, 'b');
    expect((await family.until(trip, 'completed')).steps[0]).toMatchObject({ subSagas: [child] });
    await family.house.close();
  });

  it('is begun once more, or tells its end once more, when what was said was lost', async () => {
    const family = await Family.open([tripDefinition('trip')]);
    const { house, one } = family;
    const lose = (): void => one.grip.answer('bus.publish', Promise.resolve());
    lose();
    const trip = await family.start('trip');
    one.grip.heal();
    house.world.pass(31_000);
    const child = await family.child(trip);
    lose();
    await family.end(child, 'a', 'book');
    await family.until(child, 'completed');
    await eventually('its end is said to nobody', async () =>
      (await (await house.views('sagas')).get(child))?.fields['publishedSeq'] ===
      (await house.rows(child)).length
        ? true
        : undefined,
    );
    one.grip.heal();
    expect(await one.coordinator.why(trip)).toContain(`waits for the sub-saga ${child}`);
    house.world.pass(61_000);
    await eventually('the parent has heard of it', async () =>
      (await one.coordinator.find(trip))?.steps[0]?.status === 'completed' ? true : undefined,
    );
    await family.end(trip, 'b');
    await family.until(trip, 'completed');
    await house.close();
  });

  it('whose input does not fit its definition never begins, and says why', async () => {
    const family = await Family.open([]);
    const { house, one } = family;
    const input = { type: 'object', properties: { nights: { type: 'integer' } }, required: ['nights'] };
    await house.publish(one, puppetDefinition('picky', [{ id: 'a' }], { input, example: { nights: 1 } }));
    await house.publish(
      one,
      puppetDefinition('trip', [
        { id: 'c' },
        {
          id: 'stay',
          type: 'saga',
          dependencies: ['c'],
          saga: { workflow: 'picky', input: { nights: 'steps.c.output.nights' } },
        },
      ]),
    );
    const trip = await family.start('trip');
    const partition = await house.partition(trip);
    await house.puppet.end({ saga: trip, step: 'c', partition, data: { output: { nights: 'two' } } });
    const child = await family.child(trip);
    expect((await family.until(child, 'failed')).error?.code).toBe('INVALID_INPUT');
    expect((await family.until(trip, 'failed')).error?.message).toContain('nights must be integer');
    const heard = house.puppet.received.filter(
      ({ event }) => event.ok && event.value.correlationid === child,
    );
    expect(heard).toEqual([]);
    await house.close();
  });
});
