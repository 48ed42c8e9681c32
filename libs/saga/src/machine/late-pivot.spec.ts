import {
  begunSaga,
  childEnded,
  completed,
  ended,
  SagaUnderTest,
  STAY,
  testPlan,
  undoAnswer,
} from '../testing';
import { timersOf } from './timers';
import { NO_GAP } from './gap-since';

const kim = { subject: 'kim', roles: [] };
const cancel = { kind: 'cancel', actor: kim, reason: 'no' } as const;

/** Lets the timers of what was asked fire until a person is waited for. */
function unanswered(saga: SagaUnderTest): SagaUnderTest {
  const timer = timersOf(saga.compiled, saga.state, NO_GAP).find(({ kind }) => kind === 'undo');
  if (timer === undefined) return saga;
  return unanswered(saga.when([{ kind: 'timer', timer: timer.id }], timer.until - saga.state.startedAt));
}

describe('a pivot that says only after a person is waited for that it is applied', () => {
  it('has its saga complete: nothing that can fail is left', () => {
    const plan = testPlan([{ id: 'book' }, { id: 'ship', dependencies: ['book'] }]);
    const stopped = unanswered(new SagaUnderTest(plan).when([completed('book')], 10).when([cancel], 20));
    expect(stopped.state).toMatchObject({ status: 'compensation_failed', failedStep: 'ship' });
    expect(stopped.when([ended('ship', 'completed', { output: {} })], 1e9).state).toMatchObject({
      status: 'completed',
    });
  });

  it('does so too where it is a sub-saga with a long way to its end', () => {
    const shipping = testPlan([{ id: 'ship' }], { id: 'shipping', name: 'Shipping' });
    const nested = { workflow: 'shipping', input: {} };
    const plan = testPlan(
      [{ id: 'book' }, { id: 'send', type: 'saga', saga: nested, dependencies: ['book'] }],
      {},
      [STAY, shipping],
    );
    const stopped = unanswered(
      begunSaga(plan)
        .when([completed('book')], 10)
        .when([cancel], 20),
    );
    expect(stopped.state).toMatchObject({ status: 'compensation_failed', failedStep: 'send' });
    const told = stopped.when([childEnded('send', 'completed', { output: {} })], 1e9);
    expect(told.state).toMatchObject({ status: 'completed' });
  });
});

describe('a pivot that has not answered yet', () => {
  it('keeps every undo waiting, also of what does not stand before it: if it is applied nothing is undone', () => {
    const goesOn = { failure: { policy: 'continue', output: {} } } as const;
    const plan = testPlan([{ id: 'book', ...goesOn }, { id: 'ship' }]);
    const given = new SagaUnderTest(plan).when([completed('book')], 10).when([cancel], 20);
    const asked = ({ state }: SagaUnderTest) =>
      state.undoing?.items.filter(({ askedAt }) => askedAt !== undefined).map(({ step }) => step);
    expect(given.state.undoing?.items.map(({ step }) => step).sort()).toEqual(['book', 'ship']);
    expect(asked(given)).toEqual(['ship']);
    expect(asked(given.when([undoAnswer('ship', 'nothing')], 30))?.sort()).toEqual(['book', 'ship']);
  });
});
