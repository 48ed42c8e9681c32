import type { GapSince } from '../machine/gap-since';
import type { BranchState, TransactionState } from './transaction-state';

/** Wait before branches are told again what was decided: doubles from the first to the longest, ms. */
const FIRST_REMINDER_MS = 5000;
const LONGEST_REMINDER_MS = 60_000;
/** How long an answer to the undo of a branch is waited for, ms; and how often it is asked for. */
const UNDO_MS = 60_000;
/** Epochs of a branch's undo before it has failed. */
export const MOST_UNDO_EPOCHS = 3;

/** Until when votes are waited for, ms since 1970: time without a coordinator does not count. */
export function voteUntil({ startedAt, terms }: TransactionState, gapSince: GapSince): number {
  return startedAt + gapSince(startedAt) + terms.prepareMs;
}

/** When something is to be done about a transaction if nothing comes, ms since 1970; undefined: nothing is. */
export function transactionDueAt(state: TransactionState, gapSince: GapSince): number | undefined {
  switch (state.status) {
    case 'preparing':
      return voteUntil(state, gapSince);
    case 'committing':
    case 'aborting':
      return remindAt(state, gapSince);
    case 'undoing':
      return undoUntil(state, gapSince);
    default:
      return undefined;
  }
}

/** Time that was lost delays no reminder, but one that lies in the future: it counts from where the clock was set back. */
function remindAt({ toldAt, reminders }: TransactionState, gapSince: GapSince): number {
  const wait = Math.min(FIRST_REMINDER_MS * 2 ** Math.min(reminders, 10), LONGEST_REMINDER_MS);
  return toldAt + Math.min(0, gapSince(toldAt)) + wait;
}

/** The branch whose undo is waited for. */
export function branchInUndo({ branches }: TransactionState): BranchState | undefined {
  return branches.find(({ undo }) => undo !== undefined && undo.answer === undefined);
}

/** Time in which its participant had paused is nobody’s. */
function undoUntil(state: TransactionState, gapSince: GapSince): number | undefined {
  const { participant, undo } = branchInUndo(state) ?? {};
  return undo === undefined ? undefined : undo.askedAt + gapSince(undo.askedAt, participant) + UNDO_MS;
}
