import { decideProblem, forgetProblem } from './by-hand-problems';
import type { TransactionInput } from './transaction-input';
import type { TransactionState } from './transaction-state';
import { ack, ACTOR, ALL, fence, prepared, undone, vote } from '../testing/told-transaction';

describe('a transaction that a person decides', () => {
  const decide = (decision: 'committed' | 'aborted'): TransactionInput => ({
    kind: 'decide',
    decision,
    actor: ACTOR,
    note: 'seen in the books',
  });

  test('can be aborted while it is undecided, never committed without every yes', () => {
    const told = prepared().when(decide('committed'));
    expect(told.status).toBe('preparing');
    expect(decideProblem(told.state as TransactionState, 'committed')).toBe(
      'transaction s1/1/reserve/1 cannot be committed: outfit did not vote yes',
    );
    told.when(decide('aborted'));
    expect(told.state?.error).toMatchObject({
      code: 'ABORTED_BY_HAND',
      message: 'ada decided so: seen in the books',
    });
  });

  test('keeps who answered for which branches, and why, and ends', () => {
    const told = prepared().when(vote('outfit')).when(ack('money'));
    expect(decideProblem(told.state as TransactionState, 'aborted')).toBe(
      'transaction s1/1/reserve/1 is decided as committed, and a decision never changes',
    );
    told.when(decide('aborted'));
    expect(told.status).toBe('committing');
    told.when(decide('committed'));
    expect(told.status).toBe('committed');
    expect(told.state?.branches.map(({ byHand }) => byHand)).toEqual([
      undefined,
      { by: 'ada', note: 'seen in the books' },
      { by: 'ada', note: 'seen in the books' },
    ]);
    expect(told.saidFrom().slice(-2)).toEqual(['transaction.settled-by-hand', 'step.completed']);
    expect(decideProblem(told.state as TransactionState, 'committed')).toContain('nothing is left to decide');
  });

  test('is not forgotten while an acknowledgement is missing', () => {
    const forget: TransactionInput = { kind: 'forget', actor: ACTOR };
    const told = prepared().when(vote('outfit')).when(forget);
    expect(told.state?.forgotten).toBeUndefined();
    expect(forgetProblem(told.state as TransactionState)).toBe(
      'transaction s1/1/reserve/1 is committing: the acknowledgement of money at money-service, ' +
        'stock at stock-service, outfit at outfit-service is missing',
    );
    told.when(...ALL.map((id) => ack(id))).when(forget);
    expect(told.state?.forgotten?.by).toEqual(ACTOR);
    expect(forgetProblem(told.state as TransactionState)).toContain('was forgotten by ada');
  });

  test('is not forgotten while what it did is still to be undone, and is once it was', () => {
    const forget: TransactionInput = { kind: 'forget', actor: ACTOR };
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence());
    expect(forgetProblem(told.state as TransactionState)).toBe(
      'transaction s1/1/reserve/1 is undoing: what it did is still to be undone',
    );
    told.when(undone('outfit')).when(undone('stock', 'failed')).when(forget);
    expect(told.state?.forgotten).toBeUndefined();
    told
      .when(fence('undo', 2))
      .when(undone('stock', 'undone', 2))
      .when(undone('money'))
      .when(forget);
    expect(told.status).toBe('undone');
    expect(told.state?.forgotten?.by).toEqual(ACTOR);
  });
});
