import type { ErrorRecord } from '@aura/contracts';
import { refusalOf } from './transaction-errors';
import type { AbortReason } from './transaction-errors';
import type { BranchState, TransactionState } from './transaction-state';

/** A decision that follows from what branches have recorded, although the store has lost it. */
export type Proof = { readonly decision: 'committed' } | ({ readonly decision: 'aborted' } & AbortReason);

/**
 * What is certain of a transaction whose journal was lost or set back. Who has done what was decided proves it. A vote is
 * recorded once and never changes, and nothing is committed without all of them: so a no, and a vote that was given only now,
 * prove that it never was. Undefined: all have said yes before, or are silent, and nobody has heard; that is for a person.
 */
export function proofOf({ branches }: TransactionState): Proof | undefined {
  const told = branches.find(({ heard }) => heard !== undefined);
  if (told?.heard === 'committed') return { decision: 'committed' };
  if (told !== undefined) return { decision: 'aborted', error: wasAborted(told) };
  const refusing = branches.find(({ vote }) => vote === 'no');
  if (refusing !== undefined) return { decision: 'aborted', ...refusalOf(refusing) };
  const late = branches.find(({ vote, isOldVote }) => vote !== undefined && isOldVote !== true);
  return late === undefined ? undefined : { decision: 'aborted', error: wasUndecided(late) };
}

function wasAborted({ id, participant }: BranchState): ErrorRecord {
  const message = `branch ${id} at ${participant} was told so before the store was restored`;
  return { kind: 'technical', code: 'ABORTED_BEFORE', message };
}

function wasUndecided({ id, participant }: BranchState): ErrorRecord {
  const message = `branch ${id} at ${participant} had not voted before the store was restored, so that nothing was committed`;
  return { kind: 'technical', code: 'NOT_COMMITTED_BEFORE', message };
}
