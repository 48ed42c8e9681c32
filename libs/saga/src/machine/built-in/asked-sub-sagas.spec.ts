import { begunSaga, journalOf, STARTED_AT, STAY, testPlan, tripPlan } from '../../testing';
import type { SagaUnderTest } from '../../testing';
import { feedOf } from '../feed-entries';
import { stepOf } from '../state';
import { timersOf } from '../timers';
import { explain } from '../waiting';

const kim = { who: 'kim' };
const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;

function stayOf(saga: SagaUnderTest): ReturnType<typeof stepOf> {
  return stepOf(saga.state, 'stay');
}

/** What was asked of sub-sagas, by the last turn. */
function asked(saga: SagaUnderTest): readonly unknown[] {
  return saga.last.messages.flatMap(({ event }) =>
    event.type.startsWith('ai.aura.sub-saga.') ? [event.data] : [],
  );
}

describe('a step that hears nothing of its sub-saga', () => {
  it('asks it how it stands the later the longer nothing is heard, and fails when its time is over', () => {
    const begun = begunSaga(tripPlan(), kim);
    const due = (saga: SagaUnderTest, lost = 0) =>
      timersOf(saga.compiled, saga.state, () => lost).map(({ id, until }) => [id, until - STARTED_AT]);
    expect(due(begun)).toEqual([
      ['saga/stay/1', 600_000],
      ['saga/stay/1/1/0', 30_000],
      ['saga', 3_600_000],
    ]);
    expect(due(begun, 1000)[0]).toEqual(['saga/stay/1', 601_000]);
    const again = begun.when([timer('saga/stay/1/1/0')], 30_000);
    expect(due(again)[1]).toEqual(['saga/stay/1/1/1', 90_000]);
    expect(asked(again)).toMatchObject([{ input: { for: 'kim' }, parent: { step: 'stay', iteration: 1 } }]);
    expect(again.last.entries).toMatchObject([
      { entry: { kind: 'stepAsked', reason: 'lostSubSaga', epoch: 1 } },
    ]);
    const late = again.when([timer('saga/stay/1')], 600_000);
    expect(stayOf(late)).toMatchObject({ end: 'failed', error: { code: 'STEP_TIMEOUT' } });
    expect(asked(late)).toMatchObject([{ mode: 'undo', epoch: 1, undone: false }]);
  });

  it('goes on asking at the pace of half an hour, says how often it did, and has each time in the feed as what it is', () => {
    const nested = { workflow: 'stay', input: { for: 'input.who' } };
    const compiled = testPlan(
      [{ id: 'stay', type: 'saga', saga: nested, timeout: '7h' }],
      { timeout: '8h' },
      [STAY],
    );
    let saga = begunSaga(compiled, kim);
    const waits: number[] = [];
    for (let n = 0, last = 0; n < 9; n += 1) {
      const id = `saga/stay/1/1/${n}`;
      const due = timersOf(compiled, saga.state, () => 0).find((one) => one.id === id);
      const at = (due?.until ?? 0) - STARTED_AT;
      waits.push((at - last) / 30_000);
      last = at;
      saga = saga.when([timer(id)], at);
      expect(saga.last.entries).toHaveLength(1);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
    expect(explain(compiled, saga.state, () => 0)).toContain(
      '(stay 1.0.0, asked 9 times how it stands) of step stay',
    );
    expect(feedOf(journalOf(saga), 1).at(-1)).toMatchObject({
      type: 'ai.aura.sub-saga.start-requested.v1',
      status: 'asked',
      step: 'stay',
    });
  });
});
