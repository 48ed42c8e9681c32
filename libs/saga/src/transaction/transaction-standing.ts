import type { Standing } from '@aura/contracts';
import type { GapSince } from '../machine/gap-since';
import { PERSON_WAIT_MS } from '../machine/waiting';
import { explainTransaction, waitedFor, whatFollows } from './transaction-detail';
import type { TransactionState } from './transaction-state';
import { transactionDueAt } from './transaction-timers';

/**
 * Invariant: a transaction that has not ended says what it waits for, until when, and who acts then; undefined for one that
 * has.
 */
export function transactionStanding(state: TransactionState, gapSince: GapSince): Standing | undefined {
  const common = { kind: 'transaction', id: state.transaction, why: sentenceOf(state, gapSince) } as const;
  if (state.status === 'undo_failed' || state.status === 'unknown')
    return {
      ...common,
      waitingFor: 'a person',
      until: new Date(state.toldAt + PERSON_WAIT_MS).toISOString(),
      owner: 'operators',
    };
  const dueAt = transactionDueAt(state, gapSince);
  if (dueAt === undefined) return undefined;
  const until = new Date(dueAt).toISOString();
  return { ...common, waitingFor: waitedFor(state).join(', '), until, owner: 'coordinator' };
}

/** Where it stands, and what happens next, in one sentence. */
function sentenceOf(state: TransactionState, gapSince: GapSince): string {
  const next = whatFollows(state, gapSince);
  const where = explainTransaction(state).replace(/\.$/, '');
  return `${where}; ${next.slice(0, 1).toLowerCase()}${next.slice(1)}`;
}
