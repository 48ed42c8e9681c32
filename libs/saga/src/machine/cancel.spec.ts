import { completed, ended, failed, SagaUnderTest, testPlan, undoAnswer } from '../testing';
import { NO_GAP } from './gap-since';
import { explain } from './waiting';

const cancel = {
  kind: 'cancel',
  actor: { subject: 'kim', roles: ['operator'] },
  reason: 'wrong picture',
} as const;

describe('cancelling a saga', () => {
  const pure = testPlan([{ id: 'a' }, { id: 'b', dependencies: ['a'] }]);
  const booking = testPlan([
    { id: 'a' },
    { id: 'book', dependencies: ['a'] },
    { id: 'c', dependencies: ['book'] },
  ]);

  it('ends it, and says who did it and why', () => {
    const saga = new SagaUnderTest(pure).when([completed('a')]).when([cancel]);
    expect(saga.state).toMatchObject({
      status: 'cancelled',
      cancelled: { actor: cancel.actor, reason: cancel.reason },
    });
    expect(saga.last.messages).toMatchObject([
      {
        event: {
          type: 'ai.aura.saga.cancelled.v1',
          data: { reason: 'wrong picture', results: { a: { by: 'a' } } },
        },
      },
    ]);
    expect(explain(saga.compiled, saga.state, NO_GAP)).toBe(
      'Saga s1 (test_flow 1.0.0) is cancelled because kim cancelled it: wrong picture.',
    );
  });

  it('is not undone by ends that come later, and happens once', () => {
    const saga = new SagaUnderTest(pure).when([cancel]).when([cancel]);
    expect(saga.last.entries).toEqual([]);
    expect(saga.when([completed('a'), completed('b')]).state.status).toBe('cancelled');
  });

  it('ends one that waits for a person and has applied nothing', () => {
    const plan = testPlan([{ id: 'a', failure: { policy: 'suspend' } }]);
    expect(new SagaUnderTest(plan).when([failed('a')]).when([cancel]).state.status).toBe('cancelled');
  });

  it('undoes what is applied, or may be by an event in flight, before it ends', () => {
    for (const inputs of [[], [completed('a')], [completed('a'), completed('book')]]) {
      const saga = new SagaUnderTest(booking).when(inputs).when([cancel]);
      expect(saga.state).toMatchObject({ status: 'compensating', cancelled: { reason: 'wrong picture' } });
      expect(saga.when([undoAnswer('book', 'nothing')]).state.status).toBe('cancelled');
    }
  });

  it('ends a saga whose stateful step can no longer be reached', () => {
    const plan = testPlan([
      { id: 'a', failure: { policy: 'suspend' } },
      { id: 'book', dependencies: ['a'] },
    ]);
    const skipped = new SagaUnderTest(plan).when([failed('a'), ended('book', 'skipped')]).when([cancel]);
    expect(skipped.state.status).toBe('cancelled');
  });

  it('changes nothing in a saga that has ended', () => {
    const saga = new SagaUnderTest(pure).when([completed('a'), completed('b')]).when([cancel]);
    expect(saga.last.entries).toEqual([]);
    expect(saga.state.status).toBe('completed');
  });
});
