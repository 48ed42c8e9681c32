import { sagaDetail, sagaFeedEntry } from '@aura/contracts';
import {
  completed,
  failed,
  journalOf,
  SagaUnderTest,
  STARTED_AT,
  startedSaga,
  STORIES,
  testPlan,
  undoAnswer,
} from '../testing';
import type { StepEndInput } from './saga-input';
import { detailOf } from './detail';
import { feedOf } from './feed-entries';
import { NO_GAP } from './gap-since';
import { explain } from './waiting';

const NOW = STARTED_AT + 1000;
const iso = (afterMs: number): string => new Date(STARTED_AT + afterMs).toISOString();

function at(input: StepEndInput, afterMs: number): StepEndInput {
  return { ...input, event: { ...input.event, time: iso(afterMs) } };
}

function detail(saga: SagaUnderTest) {
  return detailOf(saga.compiled, saga.state, NOW, NO_GAP);
}

describe('a saga as clients see it', () => {
  it.each(Object.entries(STORIES))('has the shape of the contract: %s', (_name, story) => {
    const shown = detail(story());
    expect(sagaDetail.parse(shown)).toEqual(shown);
  });

  const plan = testPlan([
    { id: 'a' },
    { id: 'b' },
    { id: 'c', dependencies: ['a', 'b'] },
    { id: 'd', dependencies: ['a', 'b'], join: 'any' },
    { id: 'e', dependencies: ['c'] },
  ]);
  const started = new SagaUnderTest(plan, { ...startedSaga(plan, { x: 1 }), userId: 'ada' });

  it('says what is out and what waits, since when', () => {
    const shown = detail(started.when([at(completed('b'), 20)], 25));
    expect(shown.steps.map(({ id, status, startedAt }) => [id, status, startedAt])).toEqual([
      ['a', 'triggered', iso(0)],
      ['b', 'completed', iso(0)],
      ['c', 'waiting', undefined],
      ['d', 'triggered', iso(20)],
      ['e', 'waiting', undefined],
    ]);
    expect(shown).toMatchObject({
      status: 'running',
      userId: 'ada',
      input: { x: 1 },
      durationMs: 1000,
      sequence: 2,
    });
  });

  it('begins a join with its last dependency, a join of kind any with its first', () => {
    const shown = detail(started.when([at(completed('b'), 20)], 25).when([at(completed('a'), 40)], 45));
    expect(shown.steps.find(({ id }) => id === 'c')?.startedAt).toBe(iso(40));
    expect(shown.steps.find(({ id }) => id === 'd')?.startedAt).toBe(iso(20));
  });

  it('shows a fallback node once it was asked for, and by whom the step was completed', () => {
    const withNode = testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'c' } }]);
    const before = new SagaUnderTest(withNode);
    expect(detail(before).steps.map(({ id }) => id)).toEqual(['a']);
    const asked = before.when([failed('a')], 10);
    expect(detail(asked).steps).toMatchObject([
      { id: 'a', status: 'failed', error: { code: 'BROKEN' } },
      { id: 'a.fallback', status: 'triggered', startedAt: iso(10) },
    ]);
    const done = asked.when([{ ...completed('a.fallback'), event: completed('c').event }], 20);
    expect(detail(done).steps).toMatchObject([
      { id: 'a', status: 'completed', byFallback: true, attempts: 2 },
      { id: 'a.fallback', status: 'completed' },
    ]);
  });

  it('names what could not be handled: of the step that failed, and of its undo', () => {
    const behind = testPlan([{ id: 'book' }, { id: 'b', dependencies: ['book'] }]);
    const dead = new SagaUnderTest(behind)
      .when([completed('book')], 10)
      .when([{ ...failed('b'), deadLetterId: 'dead/b/1' }], 20);
    expect(explain(behind, dead.state, NO_GAP)).toContain(
      'because step b failed: b is broken (dead letter dead/b/1); it waits for',
    );
    const stuck = dead.when([{ ...undoAnswer('book', 'failed'), deadLetterId: 'dead/book/1' }], 30);
    expect(explain(behind, stuck.state, NO_GAP)).toContain(
      'because the undo of step book failed: book is stuck (dead letter dead/book/1); it waits for a person',
    );
    const actor = { subject: 'kim', roles: [] };
    const retry = { kind: 'mend', command: 'retry', actor, reason: 'again' } as const;
    const undone = stuck.when([retry], 40).when([undoAnswer('book', 'undone', { epoch: 2 })], 50);
    expect(undone.state.undoing?.items).toMatchObject([{ answer: 'undone' }]);
    expect(undone.state.undoing?.items[0]).not.toHaveProperty('deadLetterId');
  });

  it('shows where it ended, how long it took and what it waits for', () => {
    const plain = testPlan([{ id: 'a' }], { output: { by: 'steps.a.output.by' } });
    const over = detail(new SagaUnderTest(plain).when([completed('a')], 300));
    expect(over).toMatchObject({
      status: 'completed',
      output: { by: 'a' },
      endedAt: iso(300),
      durationMs: 300,
    });
    expect(over).not.toHaveProperty('waitingFor');
    const behind = testPlan([{ id: 'book' }, { id: 'b', dependencies: ['book'] }]);
    const given = new SagaUnderTest(behind).when([completed('book')], 10).when([failed('b')], 20);
    expect(detail(given)).toMatchObject({ applied: ['book'], failedStep: 'b', status: 'compensating' });
    expect(detail(given.when([undoAnswer('book', 'failed')], 30))).toMatchObject({
      applied: ['book'],
      failedStep: 'book',
      waitingFor: 'a person',
      until: iso(24 * 3_600_000 + 30),
      owner: 'operators',
    });
  });
});

describe('the feed of a saga', () => {
  it.each(Object.entries(STORIES))('has the shape of the contract, in order: %s', (_name, story) => {
    const saga = story();
    const entries = feedOf(journalOf(saga), 1);
    for (const entry of entries) expect(sagaFeedEntry.parse(entry)).toEqual(entry);
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_entry, n) => n + 1));
    expect(entries).toHaveLength(saga.state.sequence);
  });

  it('goes on from any row', () => {
    const rows = journalOf(
      new SagaUnderTest(testPlan([{ id: 'a' }, { id: 'b' }])).when([completed('a')]).when([completed('b')]),
    );
    expect(feedOf(rows.slice(1), 2)).toEqual(feedOf(rows, 1).slice(1));
    expect(feedOf(rows, 1).map(({ type, status }) => [type, status])).toEqual([
      ['ai.aura.saga.started.v1', 'running'],
      ['test.a.done.v1', 'completed'],
      ['test.b.done.v1', 'completed'],
      ['ai.aura.saga.completed.v1', 'completed'],
    ]);
  });
});
