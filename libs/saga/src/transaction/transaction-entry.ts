import type { ErrorRecord, HeldResource, TransactionBranch, TransactionVote } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { TransactionHead, TransactionTerms } from './transaction-state';

/** What a row of a transaction's journal is made of. The first entry of a journal is always `opened`. */
export type TransactionEntry =
  /** Without terms and branches: it was fenced, or asked for, before it was begun. The inputs of branches are the payload. */
  | {
      readonly kind: 'opened';
      readonly head: TransactionHead;
      readonly terms?: TransactionTerms;
      readonly branches: readonly Omit<TransactionBranch, 'input'>[];
      /** Its saga is older than the incarnation: it may have been begun, and decided, before. */
      readonly mayBeDecided?: true;
    }
  /** Its step is reached after branches had asked for it. The inputs of branches are the payload. */
  | {
      readonly kind: 'begun';
      readonly epoch: number;
      readonly terms: TransactionTerms;
      readonly branches: readonly Omit<TransactionBranch, 'input'>[];
    }
  /** What was decided may be lost; `incarnation`: of the store now. */
  | { readonly kind: 'unknown'; readonly incarnation: string }
  /** A branch that is prepared asks for what is not known here. */
  | {
      readonly kind: 'asked';
      readonly branch: string;
      readonly participant: string;
      readonly held: readonly HeldResource[];
    }
  /** A branch has done what was decided, and lost. The output of its action is the payload, where no vote has brought it. */
  | { readonly kind: 'heard'; readonly branch: string; readonly decision: 'committed' | 'aborted' }
  /** The output of its action is the payload. */
  | {
      readonly kind: 'voted';
      readonly branch: string;
      readonly vote: TransactionVote;
      readonly held: readonly HeldResource[];
      readonly error?: ErrorRecord;
      readonly deadLetterId?: string;
      /** By another incarnation of the store. */
      readonly isOldVote?: true;
    }
  | { readonly kind: 'committed' }
  | {
      readonly kind: 'aborted';
      readonly error: ErrorRecord;
      readonly deadLetterId?: string;
      readonly isFollowed?: true;
    }
  /** The output of its action is the payload, where no vote has brought it. */
  | { readonly kind: 'acknowledged'; readonly branch: string }
  /** Branches that have not done what was decided are told again. */
  | { readonly kind: 'reminded' }
  /** All branches have done what was decided. */
  | { readonly kind: 'finished' }
  /** The saga goes on without the step. */
  | {
      readonly kind: 'fenced';
      readonly mode: 'undo' | 'ask';
      readonly epoch: number;
      readonly error: ErrorRecord;
    }
  | { readonly kind: 'undoAsked'; readonly branch: string; readonly epoch: number }
  | {
      readonly kind: 'branchUndone';
      readonly branch: string;
      readonly answer: 'undone' | 'nothing' | 'failed';
      readonly error?: ErrorRecord;
      readonly deadLetterId?: string;
    }
  /** The fence is answered. */
  | {
      readonly kind: 'answered';
      readonly answer: 'undone' | 'nothing' | 'failed';
      readonly error?: ErrorRecord;
      readonly deadLetterId?: string;
    }
  /** A person answered for branches: the one exemption from what the protocol guarantees. */
  | {
      readonly kind: 'settled';
      readonly branches: readonly string[];
      readonly decision: 'committed' | 'aborted';
      readonly actor: Actor;
      readonly note: string;
    }
  | { readonly kind: 'forgotten'; readonly actor: Actor };

/** An entry with its payload, which stands apart from what the fold's structure needs. */
export interface PaidTransactionEntry {
  readonly entry: TransactionEntry;
  readonly payload?: JsonValue;
}
