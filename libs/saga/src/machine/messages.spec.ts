import { eventCatalogue, stepOutput } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { z } from 'zod';
import {
  completed,
  ended,
  failed,
  journalOf,
  retoldEnds,
  SagaUnderTest,
  startedSaga,
  STORIES,
  testPlan,
} from '../testing';
import { messagesOf } from './messages';
import { nodeOf } from './progress';
import { entriesOf, foldRows } from './row';

const stories = Object.entries(STORIES);
const ofAction = stepOutput(z.unknown());

function eventsOf(saga: SagaUnderTest): readonly CloudEvent[] {
  return saga.told.flatMap(({ messages }) => messages.map(({ event }) => event));
}

/** What a row says when somebody folds the journal later. */
function saidLater(saga: SagaUnderTest) {
  const rows = journalOf(saga);
  const states = foldRows(saga.compiled, rows);
  return rows.map((row, n) => {
    const state = states[n];
    if (state === undefined) throw new Error(`row ${row.seq} has no state`);
    return messagesOf(saga.compiled, state, { entries: entriesOf(row), at: row.at });
  });
}

describe('what a saga says', () => {
  it.each(stories)('fits the schema of each event: %s', (_name, story) => {
    for (const { type, data } of [
      ...eventsOf(story()),
      ...(saidLater(story())[0] ?? []).map(({ event }) => event),
    ])
      (eventCatalogue.get(type)?.data ?? ofAction).parse(data);
  });

  it.each(stories)('is the same whoever says it, and whenever: %s', (_name, story) => {
    const live = story().told.filter(({ entries }) => entries.length > 0);
    const isStartTold = live[0]?.entries[0]?.entry.kind === 'started';
    const [start, ...later] = saidLater(story());
    expect(isStartTold ? [start, ...later] : later).toEqual(live.map(({ messages }) => messages));
    expect(start?.slice(0, 1)).toMatchObject([
      { event: { id: 'saga/s1/1/0', type: 'ai.aura.saga.started.v1', sequence: '1' } },
    ]);
  });

  it.each(stories)('has ids of its own: %s', (_name, story) => {
    const fresh = eventsOf(story()).filter(({ aurareplay }) => aurareplay === undefined);
    expect(new Set(fresh.map(({ id }) => id)).size).toBe(fresh.length);
  });

  it('has the number of its own entry, whatever else the row holds', () => {
    const saga = STORIES['continue']?.().when([completed('b')]);
    expect(saga?.told[1]?.messages[0]?.event.sequence).toBe(String(saga?.told[1]?.state.sequence));
    const both = new SagaUnderTest(testPlan([{ id: 'a' }, { id: 'b' }])).when([
      completed('a'),
      completed('b'),
    ]);
    expect(both.last.messages.map(({ event }) => event.sequence)).toEqual(['4']);
    const asked = new SagaUnderTest(
      testPlan([{ id: 'a', failure: { policy: 'fallback', action: 'c' } }, { id: 'b' }]),
    ).when([failed('a'), completed('b')]);
    expect(asked.last.messages.map(({ event }) => event.sequence)).toEqual(['4']);
  });

  it('names the person, the trace, the run and the plan', () => {
    const plan = testPlan([{ id: 'a' }]);
    const state = {
      ...startedSaga(plan),
      userId: 'ada',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    };
    const [message] = new SagaUnderTest(plan, state).when([completed('a')]).last.messages;
    expect(message?.event).toMatchObject({
      subject: 'ada',
      traceparent: state.traceparent,
      correlationid: 's1',
      aurarun: 1,
      auraplan: plan.plan.digest,
      aurapartition: 3,
    });
  });
});

it('a saga whose payloads were erased says what is left of it', () => {
  const saga = new SagaUnderTest(testPlan([{ id: 'a' }])).when([completed('a')]);
  const rows = journalOf(saga).map(({ payload: _payload, ...row }) => row);
  const state = foldRows(saga.compiled, rows).at(-1);
  const last = rows.at(-1);
  if (state === undefined || last === undefined) throw new Error('there is no row');
  const [message] = messagesOf(saga.compiled, state, { entries: entriesOf(last), at: last.at });
  expect(message?.event.data).toMatchObject({ output: null, results: {} });
  expect(retoldEnds(saga.compiled, rows).map(({ data }) => data)).toEqual([{ output: null }]);
});

it('a plan answers for its nodes', () => {
  expect(() => nodeOf(testPlan([{ id: 'a' }]), 'z')).toThrow('has no node z');
});

describe('a trigger that is told again', () => {
  const plan = testPlan([
    { id: 'a' },
    { id: 'b', dependencies: ['a'], input: { x: 'input.x' } },
    { id: 'c', dependencies: ['b'], input: { a: 'steps.a.output.by', b: 'steps.b.output' } },
  ]);

  it('carries what those behind it read, of input and outputs', () => {
    const saga = new SagaUnderTest(plan, startedSaga(plan, { x: 1, unread: 2 })).when([
      completed('a'),
      completed('b'),
    ]);
    const [a, b] = retoldEnds(plan, [
      ...journalOf(saga)
        .slice(0, 1)
        .map((row) => ({ ...row, payload: JSON.stringify({ 0: { x: 1, unread: 2 } }) })),
      ...journalOf(saga).slice(1),
    ]);
    expect(a?.data).toEqual({ output: { by: 'a' }, context: { input: { x: 1 } } });
    expect(b?.data).toEqual({ output: { by: 'b' }, context: { steps: { a: { output: { by: 'a' } } } } });
    expect(b).not.toHaveProperty('sequence');
  });

  it('is left out for a step that failed', () => {
    const saga = new SagaUnderTest(plan).when([failed('a')]);
    expect(retoldEnds(plan, journalOf(saga))).toEqual([]);
  });

  it('says why a step was skipped, and with which error an optional one went on', () => {
    const optional = testPlan([
      { id: 'a', failure: { policy: 'continue', output: { by: 'default' } } },
      { id: 'b', dependencies: ['a'], when: 'steps.a.output.by == "x"' },
      { id: 'c', dependencies: ['a', 'b'], join: 'ended' },
    ]);
    const saga = new SagaUnderTest(optional)
      .when([failed('a')])
      .when([ended('b', 'skipped', { reason: 'its condition is false' })]);
    expect(retoldEnds(optional, journalOf(saga)).map(({ data }) => data)).toEqual([
      { output: { by: 'default' }, error: { kind: 'technical', code: 'BROKEN', message: 'a is broken' } },
      { reason: 'its condition is false' },
    ]);
  });

  it('waits for an end that is implied and not here yet, because it carries its output', () => {
    const joined = testPlan([
      { id: 'a' },
      { id: 'b', dependencies: ['a'] },
      { id: 'c', dependencies: ['a'] },
      { id: 'd', dependencies: ['b', 'c'], input: { a: 'steps.a.output' } },
    ]);
    const early = new SagaUnderTest(joined).when([completed('b'), completed('c')]);
    const timer = { kind: 'timer', timer: 'join/d/1/0' } as const;
    expect(early.when([timer], 2000).last.entries).toEqual([]);
    expect(early.when([completed('a')], 100).when([timer], 2100).last.messages).toHaveLength(2);
  });

  it('asks for a fallback node with what came before its step alone, at the time it was asked for first', () => {
    const branched = testPlan([
      { id: 'a' },
      { id: 'b', dependencies: ['a'], failure: { policy: 'fallback', action: 'c' } },
      { id: 'd', dependencies: ['a'] },
    ]);
    const saga = new SagaUnderTest(branched)
      .when([completed('a')])
      .when([failed('b')], 10)
      .when([completed('d')], 20);
    const first = saga.told[1]?.messages[0]?.event;
    const again = saga.when([{ kind: 'timer', timer: 'step/b.fallback/1' }], 60_010).last.messages[0]?.event;
    expect(again).toMatchObject({
      id: first?.id,
      time: first?.time,
      data: first?.data,
      aurareplay: 'reemit',
    });
  });
});
