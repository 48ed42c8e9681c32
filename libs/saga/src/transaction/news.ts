import type { JsonValue } from '@aura/contracts';
import type { TransactionInput } from './transaction-input';
import { isUndecided } from './transaction-state';
import type { BranchState, BranchUndo, Fence, TransactionState } from './transaction-state';

/** The same epoch once more is no news: what was answered is said again. */
export function isNewFence(
  known: Fence | undefined,
  { mode, epoch }: Pick<Fence, 'mode' | 'epoch'>,
): boolean {
  if (known === undefined) return true;
  if (known.answer === 'undone' || known.answer === 'nothing') return false;
  return epoch > known.epoch || (mode === 'undo' && known.mode === 'ask');
}

/** A failure of an epoch before the last is an old one. */
export function isNewAnswer(
  undo: BranchUndo | undefined,
  { answer, epoch }: { readonly answer: 'undone' | 'nothing' | 'failed'; readonly epoch: number },
): boolean {
  if (undo === undefined || undo.answer === 'undone' || undo.answer === 'nothing') return false;
  return answer !== 'failed' || (epoch >= undo.epoch && undo.answer !== 'failed');
}

/** Whether a branch's vote is still missing; of one that only asked, what it answers is. */
export function isNewVote(state: TransactionState, { vote, isOldVote, output }: BranchState): boolean {
  if (!isUndecided(state) || state.branches.some(({ heard }) => heard !== undefined)) return false;
  return vote === undefined || (vote === 'yes' && isOldVote === true && output === undefined);
}

/** What an acknowledgement brings that no vote has brought: it may overtake the vote that a restored store has lost. */
export function newOutput(
  own: BranchState,
  { output }: Extract<TransactionInput, { readonly kind: 'acknowledge' }>,
): JsonValue | undefined {
  return own.output === undefined ? output : undefined;
}
