import type { SagaUnderTest } from './given-saga';
import { begunChild, begunSaga, childEnded, completed, failed, parentAsks, undoAnswer } from './given-saga';
import { testPlan } from './plans';

const timer = (id: string) => ({ kind: 'timer', timer: id }) as const;

/** A definition that a step runs: `a`, and behind it `book`, which is undone. */
export const STAY = testPlan([{ id: 'a' }, { id: 'book', dependencies: ['a'] }], { id: 'stay' });

/** A saga whose step `stay` is performed by another one; `more` says more of the step, `saga` of what it runs. */
export function tripPlan(
  more: Readonly<Record<string, string | object>> = {},
  saga: Readonly<Record<string, string | object>> = {},
): ReturnType<typeof testPlan> {
  const nested = { workflow: 'stay', input: { for: 'input.who' }, ...saga };
  const step = { id: 'stay', type: 'saga', saga: nested, timeout: '10m', ...more };
  return testPlan([step, { id: 'b', dependencies: ['stay'] }], {}, [STAY]);
}

const kim = { who: 'kim' };
const repeat = { until: 'output.book.by == "book"', max: 2 };
const nobody = { book: { by: 'nobody' } };
const booked = { book: { by: 'book' } };

/** Lives of sagas and their sub-sagas, by what happens in them. */
export const FAMILY_STORIES: Readonly<Record<string, () => SagaUnderTest>> = {
  'runs-a-sub-saga': () =>
    begunSaga(tripPlan(), kim)
      .when([timer('saga/stay/1/1/0')], 30_000)
      .when([childEnded('stay', 'completed', { output: booked })], 40_000)
      .when([childEnded('stay', 'completed', { output: booked })], 40_010)
      .when([completed('b')], 50_000),
  'sub-saga-repeated': () =>
    begunSaga(tripPlan({}, { repeat }), kim)
      .when([childEnded('stay', 'completed', { output: nobody })], 10)
      .when([childEnded('stay', 'completed', { output: nobody })], 20)
      .when([childEnded('stay', 'completed', { iteration: 2, output: booked })], 30)
      .when([completed('b')], 40),
  'sub-saga-fails': () =>
    begunSaga(tripPlan(), kim)
      .when(
        [
          childEnded('stay', 'failed', {
            error: { kind: 'technical', code: 'BROKEN', message: 'a is broken' },
          }),
        ],
        10,
      )
      .when([undoAnswer('stay', 'nothing')], 20),
  'sub-saga-undone': () =>
    begunSaga(tripPlan(), kim)
      .when([childEnded('stay', 'completed', { output: booked })], 10)
      .when([failed('b')], 20)
      .when([undoAnswer('stay', 'undone')], 30),
  'taken-back-by-its-parent': () =>
    begunChild(STAY)
      .when([completed('a'), completed('book')], 10)
      .when([parentAsks('undo')], 20)
      .when([parentAsks('undo'), parentAsks('undo', 2)], 30)
      .when([undoAnswer('book', 'undone')], 40),
  'stopped-by-its-parent': () =>
    begunChild(STAY, 2)
      .when([completed('a')], 10)
      .when([parentAsks('ask')], 20)
      .when([undoAnswer('book', 'nothing')], 30),
};
