import fc from 'fast-check';
import {
  ack,
  ACTOR,
  ALL,
  ask,
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
    fc.constantFrom(...ALL).map((branch) => ask(branch)),
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

  /** What a branch that was prepared by an incarnation may say; it votes once, whatever it is asked. */
  const saidBefore = fc
    .constantFrom(...ALL)
    .chain((id) => fc.constantFrom(vote(id, 'yes', 'made'), vote(id, 'no', 'made'), ask(id, 'made')));
  const byHand = fc.constantFrom<TransactionInput>(
    { kind: 'decide', decision: 'committed', actor: ACTOR, note: 'seen' },
    { kind: 'decide', decision: 'aborted', actor: ACTOR, note: 'seen' },
  );

  test('of which the store may have lost something is never committed without every yes, unless somebody has seen it', () => {
    const step = fc.tuple(fc.oneof(anything, saidBefore, saidBefore, byHand), fc.constantFrom(0, 10, 6000));
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.nat({ max: 12 }),
        fc.boolean(),
        (inputs, restoredAt, isKnown) => {
          let told = new ToldTransaction();
          inputs.forEach(([input, wait], n) => {
            if (n === restoredAt) told = restoredFrom(told, isKnown);
            const before = decidedOf(told);
            const from = told.kinds.length;
            told.after(wait).when(input);
            const now = decidedOf(told);
            if (before !== undefined) expect(now).toBe(before);
            const isSeen = told.kinds.slice(from).includes('settled') || wasHeard(told);
            if (before === undefined && now === 'committed' && !isSeen) expectSure(told, n >= restoredAt);
            expectAlive(told.state);
          });
          expect(foldTransaction(told.rows).at(-1)).toEqual(told.state);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function decidedOf({ state }: ToldTransaction): 'committed' | 'aborted' | undefined {
  return state && decisionOf(state);
}

/** Every vote is yes, and none is from before the store was restored. */
function expectSure({ state }: ToldTransaction, isRestored: boolean): void {
  expect(state?.branches.every(isWilling)).toBe(true);
  if (isRestored) expect(state?.branches.some(({ isOldVote }) => isOldVote === true)).toBe(false);
}

function wasHeard({ state }: ToldTransaction): boolean {
  return state?.branches.some(({ heard }) => heard === 'committed') === true;
}

/** The same transaction in the restored store, or nothing of it. */
function restoredFrom(told: ToldTransaction, isKnown: boolean): ToldTransaction {
  const restored = isKnown ? told : new ToldTransaction();
  restored.now = told.now;
  restored.incarnation = { id: 'restored', isFirst: false };
  restored.mayBeForgotten = true;
  return restored;
}
