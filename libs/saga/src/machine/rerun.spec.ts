import * as fc from 'fast-check';
import { stateSizeOf } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import { completed, ended, failed, journalOf, SagaUnderTest, testPlan, undoAnswer, viewOf } from '../testing';
import type { SagaInput } from './saga-input';
import { rerunPlanOf } from './rerun';
import { foldRows } from './row';
import { stepOf, stepRunOf } from './state';
import { timersOf } from './timers';
import { NO_GAP } from './gap-since';

const kim = { subject: 'kim', roles: ['operator'] };
const rerun = (from: string) => ({ kind: 'rerun', from, actor: kim, reason: 'open again' }) as const;

/** `book` and `a` begin; `pay` stands behind `book`, `b` behind `a`, and `c` behind both. */
const two = testPlan([
  { id: 'book' },
  { id: 'a' },
  { id: 'pay', dependencies: ['book'], failure: { policy: 'suspend' } },
  { id: 'b', dependencies: ['a'] },
  { id: 'c', dependencies: ['pay', 'b'] },
]);

function to(messages: readonly OutboundMessage[], target: string): readonly OutboundMessage[] {
  return messages.filter(({ headers }) => headers?.targets?.includes(target));
}

const ids = (messages: readonly OutboundMessage[]): readonly string[] =>
  messages.map(({ event }) => event.id);

const all = ['book', 'a', 'pay', 'b', 'c'].map((id) => completed(id));
const done = new SagaUnderTest(two).when(all, 10);

describe('a rerun of a saga that has completed', () => {
  it('undoes what is applied from the step on before anything runs again', () => {
    const asked = done.when([rerun('pay')], 20);
    expect(asked.state).toMatchObject({ status: 'compensating', run: 1 });
    expect(asked.last.entries[0]?.entry).toMatchObject({
      kind: 'rerunAsked',
      again: ['pay', 'c'],
      plan: ['pay'],
    });
    expect(asked.state.endedAt).toBeUndefined();
    const undo = asked.last.messages.find(({ event }) => event.type === 'ai.aura.step.undo-requested.v1');
    expect(undo?.event).toMatchObject({ aurastep: 'pay', aurarun: 1 });
    expect(to(asked.last.messages, 'pay')).toEqual([]);
  });

  it('goes on from the step as a new run, which gets the ends before it as events of its own', () => {
    const again = done.when([rerun('pay')], 20).when([undoAnswer('pay', 'undone')], 30);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    const [trigger, ...more] = to(again.last.messages, 'pay');
    expect(more).toEqual([]);
    expect(trigger?.event).toMatchObject({
      id: 's1/2/book/1/test.book.done.v1',
      aurarun: 2,
      aurastep: 'book',
    });
    expect(ids(to(again.last.messages, 'c'))).toEqual(['s1/2/b/1/test.b.done.v1']);
    expect(again.last.messages[0]?.event).toMatchObject({
      type: 'ai.aura.saga.rerun.v1',
      data: { run: 2, from: 'pay', again: ['pay', 'c'], by: 'kim', reason: 'open again' },
    });
  });

  it('keeps what the other steps came to, and ends by what the new run brings', () => {
    const again = done.when([rerun('pay')], 20).when([undoAnswer('pay', 'undone')], 30);
    const end = again.when(
      [ended('pay', 'completed', { run: 2 }), ended('c', 'completed', { run: 2, output: { by: 'c2' } })],
      40,
    );
    expect(end.state).toMatchObject({ status: 'completed', run: 2 });
    expect(stepOf(end.state, 'c').output).toEqual({ by: 'c2' });
    expect(['book', 'a', 'pay', 'b', 'c'].map((id) => stepRunOf(end.state, id))).toEqual([1, 1, 2, 1, 2]);
  });

  it('has no news in what arrives late from the run before', () => {
    const again = done.when([rerun('pay')], 20).when([undoAnswer('pay', 'undone')], 30);
    const late = again.when([completed('pay'), completed('c'), undoAnswer('pay', 'undone')], 40);
    expect(late.last.entries).toEqual([]);
  });

  it('begins anew from its first step with a start of the new run', () => {
    const again = done.when([rerun('a')], 20);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    const [start] = to(again.last.messages, 'a');
    expect(start?.event).toMatchObject({ id: 'saga/s1/1/0/2', type: 'ai.aura.saga.started.v1', aurarun: 2 });
    expect(ids(to(again.last.messages, 'c'))).toEqual(['s1/2/pay/1/test.pay.done.v1']);
  });

  it('counts its own time, and undoes each step in its own run when it is given up', () => {
    const again = done.when([rerun('pay')], 20).when([undoAnswer('pay', 'undone')], 300_000);
    const saga = timersOf(two, again.state, NO_GAP).find(({ kind }) => kind === 'saga');
    expect((saga?.until ?? 0) - again.last.at).toBe(two.plan.timeoutMs);
    const given = again.when([{ kind: 'cancel', actor: kim, reason: 'enough' }], 300_010);
    expect(given.state.undoing?.items.map(({ step, run }) => [step, run])).toEqual([
      ['pay', 2],
      ['book', 1],
    ]);
  });

  it('folds from its journal to the same state and the same view', () => {
    const saga = done
      .when([rerun('pay')], 20)
      .when([undoAnswer('pay', 'undone')], 30)
      .when([ended('pay', 'completed', { run: 2, output: { by: 'pay' } })], 40);
    const rows = journalOf(saga);
    expect(foldRows(two, rows).at(-1)).toEqual(saga.state);
    expect(viewOf(two, rows)?.fields).toMatchObject({ status: 'running', endedAt: null });
    expect(saga.state.size).toBe(done.state.size - stateSizeOf({ by: 'c' }));
  });
});

describe('a rerun of a suspended saga', () => {
  const stuck = new SagaUnderTest(two).when([completed('book'), completed('a'), failed('pay')], 10);

  it('carries over the end of another branch when it comes', () => {
    const again = stuck.when([rerun('pay')], 20).when([undoAnswer('pay', 'nothing')], 30);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    expect(to(again.last.messages, 'c')).toEqual([]);
    const late = again.when([completed('b')], 40);
    expect(stepRunOf(late.state, 'b')).toBe(1);
    expect(ids(to(late.last.messages, 'c'))).toEqual(['s1/2/b/1/test.b.done.v1']);
    const end = late.when([ended('pay', 'completed', { run: 2 }), ended('c', 'completed', { run: 2 })], 50);
    expect(end.state.status).toBe('completed');
  });

  it('carries over an end that the coordinator decides', () => {
    const patient = testPlan([
      { id: 'pay', failure: { policy: 'suspend' } },
      { id: 'a', failure: { policy: 'continue', output: { by: 'default' } } },
      { id: 'c', dependencies: ['pay', 'a'] },
    ]);
    const again = new SagaUnderTest(patient)
      .when([failed('pay')], 10)
      .when([rerun('pay')], 20)
      .when([undoAnswer('pay', 'nothing')], 30)
      .when([failed('a')], 40);
    expect(to(again.last.messages, 'c').map(({ event }) => event)).toMatchObject([
      { id: 's1/2/a/1/ai.aura.step.continued.v1', aurarun: 2, data: { output: { by: 'default' } } },
    ]);
  });

  it('asks for a step of the old run in that run, and has time for it', () => {
    const again = stuck.when([rerun('pay')], 20).when([undoAnswer('pay', 'nothing')], 500_000);
    const timer = timersOf(two, again.state, NO_GAP).find(({ id }) => id === 'step/b/1');
    expect((timer?.until ?? 0) - again.last.at).toBe(30_000);
    const asked = again.when([{ kind: 'timer', timer: 'step/b/1' }], 560_000);
    expect(to(asked.last.messages, 'b')[0]?.event).toMatchObject({
      aurarun: 1,
      id: 's1/1/a/1/test.a.done.v1',
    });
  });

  it('waits for a person when what it did cannot be undone, and goes on once that is mended', () => {
    const failing = stuck.when([rerun('book')], 20).when([undoAnswer('pay', 'nothing')], 30);
    const stopped = failing.when([undoAnswer('book', 'failed')], 40);
    expect(stopped.state.status).toBe('compensation_failed');
    const mended = stopped.when([{ kind: 'mend', command: 'resolve', actor: kim, reason: 'by hand' }], 50);
    expect(mended.state).toMatchObject({ status: 'running', run: 2 });
    expect(mended.state.undoing).toBeUndefined();
  });
});

describe('a rerun, in any order', () => {
  const stuck = new SagaUnderTest(two)
    .when([completed('book'), failed('pay')], 10)
    .when([rerun('pay')], 20)
    .when([undoAnswer('pay', 'nothing')], 30);
  const news: readonly SagaInput[] = [
    completed('a'),
    completed('b'),
    ended('pay', 'completed', { run: 2, output: { by: 'pay2' } }),
    ended('c', 'completed', { run: 2, output: { by: 'c2' } }),
  ];
  const old: readonly SagaInput[] = [
    completed('pay'),
    completed('c'),
    failed('c'),
    undoAnswer('pay', 'undone'),
  ];

  it('comes to the same, whatever arrives late from the run before and however it is cut into turns', () => {
    const orders = fc.shuffledSubarray([...news, ...news, ...old], {
      minLength: 2 * news.length + old.length,
    });
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 5 }), (order, size) => {
        let saga = stuck;
        for (let from = 0; from < order.length; from += size)
          saga = saga.when(order.slice(from, from + size), 40);
        expect(saga.state).toMatchObject({ status: 'completed', run: 2 });
        expect(two.plan.steps.map(({ id }) => stepOf(saga.state, id).output)).toEqual(
          ['book', 'a', 'pay2', 'b', 'c2'].map((by) => ({ by })),
        );
        const carried = saga.told.flatMap(({ messages }) => to(messages, 'c'));
        expect(new Set(carried.map(({ event }) => event.aurarun))).toEqual(new Set([2]));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a rerun of a saga that was given up', () => {
  const given = new SagaUnderTest(
    testPlan([{ id: 'book' }, { id: 'hold' }, { id: 'a', dependencies: ['book', 'hold'] }, { id: 'b' }]),
  )
    .when([completed('book'), completed('hold'), completed('b'), failed('a')], 10)
    .when([undoAnswer('hold', 'undone'), undoAnswer('book', 'undone')], 20);

  it('runs again what was undone besides, and carries the rest over', () => {
    expect(given.state.status).toBe('compensated');
    expect(rerunPlanOf(given, 'a')).toEqual({
      sagaId: 's1',
      status: 'compensated',
      from: 'a',
      run: 2,
      undo: [],
      again: ['book', 'hold', 'a'],
      carried: [{ step: 'b', run: 1, status: 'completed' }],
    });
    const again = given.when([rerun('a')], 30);
    expect(again.state).toMatchObject({ status: 'running', run: 2 });
    expect(again.state.error).toBeUndefined();
    expect(to(again.last.messages, 'book')).toHaveLength(1);
  });

  it('may be run again as often as wanted, each time as one more run', () => {
    const third = given
      .when([rerun('a')], 30)
      .when([ended('book', 'completed', { run: 2 }), ended('hold', 'completed', { run: 2 })], 40)
      .when([ended('a', 'completed', { run: 2 })], 50)
      .when([rerun('a')], 60);
    expect(third.state.run).toBe(3);
    expect(ids(to(third.last.messages, 'a'))).toEqual([
      's1/3/book/1/test.book.done.v1',
      's1/3/hold/1/test.hold.done.v1',
    ]);
    const over = third.when(
      [ended('a', 'failed', { run: 3, error: { kind: 'business', code: 'NO', message: 'no' } })],
      70,
    );
    expect(over.state.undoing?.items.map(({ step, run }) => [step, run])).toEqual([
      ['hold', 2],
      ['book', 2],
    ]);
  });
});
