import { completed, failed, SagaUnderTest, testPlan } from '../testing';
import { explain } from './waiting';
import { timersOf } from './timers';
import { NO_GAP } from './gap-since';

const kim = { subject: 'kim', roles: [] };
const cancel = { kind: 'cancel', actor: kim, reason: 'no' } as const;

/** Lets the next timer of a saga fire, as often as one is there. */
function unanswered(saga: SagaUnderTest, most = 20): SagaUnderTest {
  const [timer] = timersOf(saga.compiled, saga.state, NO_GAP);
  if (timer === undefined || most === 0 || saga.state.status !== 'compensating') return saga;
  const afterMs = timer.until - saga.state.startedAt;
  return unanswered(saga.when([{ kind: 'timer', timer: timer.id }], afterMs), most - 1);
}

describe('a saga that is given up and whose questions nobody answers', () => {
  it('waits for a person who says how its pivot ended', () => {
    const plan = testPlan([{ id: 'a' }, { id: 'ship', dependencies: ['a'] }]);
    const saga = new SagaUnderTest(plan).when([completed('a')], 10).when([cancel], 20);
    expect(explain(plan, saga.state, NO_GAP)).toContain('how step ship ended (ship at ship-service)');
    const stopped = unanswered(saga);
    expect(stopped.state).toMatchObject({ status: 'compensation_failed', failedStep: 'ship' });
    expect(stopped.state.error?.message).toContain('the undo of step ship (no undo at ship-service)');
    expect(explain(plan, stopped.state, NO_GAP)).toContain('waits for a person');
  });

  it('waits for a person who undoes its steps, each named with what is applied', () => {
    const plan = testPlan([{ id: 'book' }, { id: 'a', dependencies: ['book'] }]);
    const saga = new SagaUnderTest(plan).when([completed('book')], 10).when([failed('a')], 20);
    const stopped = unanswered(saga);
    expect(stopped.state).toMatchObject({
      status: 'compensation_failed',
      failedStep: 'book',
      applied: ['book'],
      error: { code: 'UNDO_TIMEOUT' },
    });
    const again = stopped.when([{ kind: 'mend', command: 'retry', actor: kim, reason: 'it is back' }], 1e9);
    expect(again.state).toMatchObject({ status: 'compensating', error: { code: 'BROKEN' } });
    expect(again.last.messages.map(({ event }) => event.type)).toEqual([
      'ai.aura.saga.mended.v1',
      'ai.aura.step.undo-requested.v1',
      'ai.aura.saga.compensating.v1',
    ]);
  });
});
