import { stepUndoFailed } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import {
  begunChild,
  begunSaga,
  completed,
  failed,
  parentAsks,
  SagaUnderTest,
  STARTED_AT,
  STAY,
  testPlan,
  undoAnswer,
} from '../testing';
import { begin } from './evolve';
import { decideRefused } from './decide';
import { messagesOf } from './messages';
import { toldEnd } from './parent';
import { isInFlight } from './in-flight';
import { NO_GAP } from './gap-since';

const operator = { actor: { subject: 'kim', roles: ['operator'] }, reason: 'as agreed' } as const;
const shipping = testPlan([
  { id: 'ship' },
  { id: 'c', dependencies: ['ship'], failure: { policy: 'continue', output: {} } },
]);
const reading = testPlan([{ id: 'a' }]);

/** What the last turn said to whom, beside the news. */
function told(saga: SagaUnderTest): readonly string[] {
  return saga.last.messages.flatMap(({ event, to }) =>
    to.some((one) => one.kind === 'queue' && one.queue.startsWith('aura.tracker'))
      ? [`${event.type.replace('ai.aura.', '')} ${String(event.correlationid)}`]
      : [],
  );
}

const before = sagaIdOfChild({ saga: 'p1', run: 1, step: 'stay' }, 1);

describe('a sub-saga', () => {
  it('tells its parent how it ended, and counts for admission in its place', () => {
    const child = begunChild(STAY);
    expect(isInFlight(child.compiled, child.state)).toBe(true);
    const ended = child.when([completed('a'), completed('book')], 10);
    expect(told(ended)).toEqual(['sub-saga.ended.v1 p1']);
    expect(toldEnd(ended.state)?.event.data).toMatchObject({
      status: 'completed',
      output: { book: { by: 'book' } },
    });
    expect(toldEnd(child.state)).toBeUndefined();
    expect(toldEnd(begunSaga(STAY).state)).toBeUndefined();
  });

  it('tells its end as the same event, whether it is asked or not, and however often', () => {
    const toParent = (saga: SagaUnderTest) =>
      saga.last.messages.filter(({ event }) => event.type === 'ai.aura.sub-saga.ended.v1');
    const ended = begunChild(STAY).when([completed('a'), completed('book')], 10);
    const first = toParent(ended);
    expect(first).toHaveLength(1);
    const asked = ended.when([parentAsks('ask')], 20);
    expect(toParent(asked)).toEqual(first);
    expect(toParent(asked.when([parentAsks('ask', 2)], 30))).toEqual(first);
    expect(toldEnd(asked.state)).toEqual(first[0]);
  });

  it('is asked nothing by whom it is not a part of', () => {
    expect(begunSaga(STAY).when([parentAsks('undo')], 10).last.entries).toEqual([]);
  });

  it('that has completed is taken back by its parent, and stands when it is only asked', () => {
    const ended = begunChild(STAY).when([completed('a'), completed('book')], 10);
    expect(told(ended.when([parentAsks('ask')], 20))).toEqual(['sub-saga.ended.v1 p1']);
    const back = ended.when([parentAsks('undo')], 20);
    expect(back.state).toMatchObject({ status: 'compensating', undoing: { items: [{ step: 'book' }] } });
    expect(back.state).not.toHaveProperty('endedAt');
    expect(told(back)).toEqual([]);
    const undone = back.when([undoAnswer('book', 'undone')], 30);
    expect(undone.state.status).toBe('compensated');
    expect(told(undone)).toEqual(['sub-saga.ended.v1 p1', 'step.undone.v1 p1']);
    expect(told(undone.when([parentAsks('undo', 2)], 40))).toEqual(['step.undone.v1 p1']);
    expect(undone.when([parentAsks('undo')], 40).last.entries).toEqual([]);
  });

  it('that did nothing which stands answers so at once', () => {
    const ended = begunChild(reading).when([completed('a')], 10);
    expect(told(ended.when([parentAsks('undo')], 20))).toEqual(['step.nothing-to-undo.v1 p1']);
    const broken = begunChild(reading).when([failed('a')], 10);
    expect(told(broken.when([parentAsks('ask')], 20))).toEqual(['step.nothing-to-undo.v1 p1']);
  });

  describe('of which a person left something as it stands', () => {
    const skip = { kind: 'mend', command: 'skip', ...operator } as const;
    const left = (iteration: number) =>
      begunChild(STAY, iteration)
        .when([completed('a'), completed('book')], 10)
        .when([parentAsks('undo')], 20)
        .when([undoAnswer('book', 'failed')], 30)
        .when([skip], 40);

    it('says so to its parent, which waits for a person too, however often it is asked', () => {
      const skipped = left(1);
      expect(skipped.state.status).toBe('compensated');
      expect(told(skipped)).toEqual(['sub-saga.ended.v1 p1', 'step.undo-failed.v1 p1']);
      expect(skipped.last.messages.at(-1)?.event.data).toMatchObject({ error: { code: 'UNDO_SKIPPED' } });
      expect(told(skipped.when([parentAsks('undo', 2)], 50))).toEqual(['step.undo-failed.v1 p1']);
    });

    it('says so by an event of its own: what it said when its undo failed stays as it was said', () => {
      const stuck = begunChild(STAY)
        .when([completed('a'), completed('book')], 10)
        .when([parentAsks('undo')], 20)
        .when([undoAnswer('book', 'failed')], 30);
      const [before, behind] = [stuck, stuck.when([skip], 40)].map(({ last }) => last.messages.at(-1)?.event);
      expect([before?.type, behind?.type]).toEqual([stepUndoFailed.type, stepUndoFailed.type]);
      expect(behind?.id).not.toBe(before?.id);
    });

    it('has those before it undone first, and the first one say so', () => {
      const passed = left(2).last.messages.at(-1)?.event.data;
      expect(passed).toMatchObject({ parent: { iteration: 1 }, undone: true, skipped: true });
      const first = begunChild(STAY)
        .when([completed('a'), completed('book')], 10)
        .when([{ ...parentAsks('undo', 1, true), skipped: true }], 20)
        .when([undoAnswer('book', 'undone')], 30);
      expect(told(first)).toEqual(['sub-saga.ended.v1 p1', 'step.undo-failed.v1 p1']);
    });
  });

  it('passes on what it is asked for to the one before, with what was undone', () => {
    const ended = begunChild(STAY, 2).when([completed('a'), completed('book')], 10);
    const undone = ended.when([parentAsks('undo')], 20).when([undoAnswer('book', 'undone')], 30);
    expect(told(undone)).toEqual(['sub-saga.ended.v1 p1', `sub-saga.stop-requested.v1 ${before}`]);
    expect(undone.last.messages.at(-1)?.event.data).toMatchObject({
      mode: 'undo',
      epoch: 1,
      undone: true,
      parent: { iteration: 1 },
    });
    const first = begunChild(reading)
      .when([completed('a')], 10)
      .when([parentAsks('undo', 1, true)], 20);
    expect(told(first)).toEqual(['step.undone.v1 p1']);
  });

  it('whose undo fails says so, and again when it is asked again', () => {
    const stuck = begunChild(STAY)
      .when([completed('a'), completed('book')], 10)
      .when([parentAsks('undo')], 20)
      .when([undoAnswer('book', 'failed')], 30);
    expect(stuck.state.status).toBe('compensation_failed');
    expect(told(stuck)).toEqual(['step.undo-failed.v1 p1']);
    expect(told(stuck.when([parentAsks('undo', 2)], 40))).toEqual(['step.undo-failed.v1 p1']);
    const mended = stuck.when([{ kind: 'mend', command: 'resolve', ...operator }], 50);
    expect(told(mended)).toEqual(['sub-saga.ended.v1 p1', 'step.undone.v1 p1']);
  });

  it('that waits for a person is cancelled', () => {
    const suspending = testPlan([{ id: 'a', failure: { policy: 'suspend' } }]);
    const waiting = begunChild(suspending).when([failed('a')], 10);
    expect(told(waiting)).toEqual([]);
    const stopped = waiting.when([parentAsks('undo')], 20);
    expect(stopped.state).toMatchObject({
      status: 'cancelled',
      cancelled: { actor: { subject: 'saga p1' }, reason: 'the parent is broken' },
    });
  });

  it('that can only complete does so, and says it', () => {
    const going = begunChild(shipping)
      .when([completed('ship')], 10)
      .when([parentAsks('ask')], 20);
    expect(going.state.status).toBe('running');
    const ended = going.when([completed('c')], 30);
    expect(ended.state.status).toBe('completed');
    expect(told(ended)).toEqual(['sub-saga.ended.v1 p1']);
  });

  it('that is on its way to a new run is stopped there', () => {
    const suspending = testPlan([
      { id: 'book' },
      { id: 'a', dependencies: ['book'], failure: { policy: 'suspend' } },
    ]);
    const again = begunChild(suspending)
      .when([completed('book')], 10)
      .when([failed('a')], 20)
      .when([{ kind: 'rerun', from: 'book', ...operator }], 30);
    expect(again.state.status).toBe('compensating');
    const asked = again.when([parentAsks('undo')], 40);
    expect(told(asked)).toEqual([]);
    const begun = asked.when([undoAnswer('book', 'undone')], 50);
    expect(begun.state).toMatchObject({ run: 2, status: 'compensating', undoing: { outcome: 'cancelled' } });
  });

  it('that never begins is ended in its first row, and nobody is told of a start', () => {
    const parent = { saga: 'p1', run: 1, step: 'stay', iteration: 1 };
    const entry = {
      kind: 'started',
      saga: 'c1',
      digest: STAY.plan.digest,
      partition: 1,
      actor: operator.actor,
      userId: 'kim',
      parent,
    } as const;
    const clock = { now: STARTED_AT, gapSince: NO_GAP };
    const end = { kind: 'ended', status: 'cancelled', ...operator } as const;
    const { entries, state } = decideRefused(STAY, entry, end, clock);
    expect(state).toMatchObject({ status: 'cancelled', seq: 1, parent });
    const messages = messagesOf(STAY, state, { entries, at: STARTED_AT });
    expect(messages.map(({ event }) => event.type)).toEqual([
      'ai.aura.saga.cancelled.v1',
      'ai.aura.sub-saga.ended.v1',
    ]);
    const refused = new SagaUnderTest(STAY, {
      ...begin(entry, null, { seq: 1, at: STARTED_AT }),
      status: 'cancelled',
    });
    expect(told(refused.when([parentAsks('undo')], 10))).toEqual(['step.nothing-to-undo.v1 p1']);
  });
});
