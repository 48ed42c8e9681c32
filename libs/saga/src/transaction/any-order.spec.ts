import fc from 'fast-check';
import {
  ack,
  ACTOR,
  ALL,
  begin,
  fence,
  TIMER,
  ToldTransaction,
  undone,
  vote,
} from '../testing/told-transaction';
import type { TransactionInput } from './transaction-input';
import { foldTransaction } from './transaction-row';
import { decisionOf, isWilling, unfinished } from './transaction-state';
import type { TransactionState } from './transaction-state';
import { NO_GAP } from '../machine/gap-since';
import { transactionDueAt } from './transaction-timers';

/** Whatever is open has something that calls for it, and whatever is over waits for nobody. */
function expectAlive(state: TransactionState | undefined): void {
  if (state === undefined) return;
  const isOpen = ['preparing', 'committing', 'aborting', 'undoing'].includes(state.status);
  if (isOpen) expect(transactionDueAt(state, NO_GAP)).toBeDefined();
  if (state.status === 'committed' || state.status === 'aborted') expect(unfinished(state)).toEqual([]);
}

describe('a transaction', () => {
  /** Anything that may reach a transaction, in any order, any number of times. */
  const anything = fc.oneof(
    fc.constant(begin()),
    fc
      .constantFrom(...ALL)
      .chain((id) => fc.constantFrom(vote(id), vote(id), vote(id, 'no'), vote(id, 'read-only'))),
    fc.constantFrom(...ALL).chain((id) => fc.constantFrom(ack(id), ack(id, 'aborted'))),
    fc.constantFrom<TransactionInput>(TIMER, fence(), fence('ask'), fence('undo', 2)),
    fc.constantFrom(...ALL).map((branch): TransactionInput => ({ kind: 'ask', branch })),
    fc
      .constantFrom(...ALL)
      .chain((id) => fc.constantFrom(undone(id), undone(id, 'nothing'), undone(id, 'failed'))),
    fc.constantFrom<TransactionInput>({ kind: 'forget', actor: ACTOR }),
  );

  test('whatever comes, in whatever order and however often: one decision, none without every yes, none shown before it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, fc.constantFrom(0, 10, 6000)), { maxLength: 40 }), (inputs) => {
        const told = new ToldTransaction();
        let decision: string | undefined;
        for (const [input, wait] of inputs) {
          const before = told.said.length;
          told.after(wait).when(input);
          const now = told.state === undefined ? undefined : decisionOf(told.state);
          if (decision !== undefined) expect(now).toBe(decision);
          decision = now;
          const shown = told
            .saidFrom(before)
            .some((text) => /commit-requested|abort-requested|committed/.test(text));
          if (shown) expect(decision).toBeDefined();
          if (decision === 'committed') expect(told.state?.branches.every(isWilling)).toBe(true);
          expectAlive(told.state);
        }
        const decided = told.kinds.filter((kind) => kind === 'committed' || kind === 'aborted');
        expect(decided.length).toBeLessThanOrEqual(1);
        expect(foldTransaction(told.rows).at(-1)).toEqual(told.state);
      }),
      { numRuns: 500 },
    );
  });
});
