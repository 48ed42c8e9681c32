import type {
  ErrorRecord,
  HeldResource,
  JsonValue,
  TransactionBranch,
  TransactionVote,
} from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { TransactionTerms } from './transaction-state';

/** Everything that a transaction takes. */
export type TransactionInput =
  /** Its step is reached, or asked for again. */
  | {
      readonly kind: 'begin';
      readonly epoch: number;
      readonly terms: TransactionTerms;
      readonly branches: readonly TransactionBranch[];
    }
  | {
      readonly kind: 'vote';
      readonly branch: string;
      readonly vote: TransactionVote;
      readonly held: readonly HeldResource[];
      readonly output?: JsonValue;
      readonly error?: ErrorRecord;
      /** Of a no for want of an answer: what could not be handled. */
      readonly deadLetterId?: string;
      /** Of the store that asked for the vote. */
      readonly incarnation?: string;
    }
  /** `output`: of a committed branch, as its vote said. */
  | {
      readonly kind: 'acknowledge';
      readonly branch: string;
      readonly decision: 'committed' | 'aborted';
      readonly output?: JsonValue;
    }
  /** A branch asks for the decision. */
  | {
      readonly kind: 'ask';
      readonly branch: string;
      readonly participant: string;
      readonly held: readonly HeldResource[];
      /** Of the store that asked for its vote. */
      readonly incarnation?: string;
    }
  | { readonly kind: 'timer' }
  /** The saga goes on without the step: it is to be undone, or asked how it ended. */
  | {
      readonly kind: 'fence';
      readonly mode: 'undo' | 'ask';
      readonly epoch: number;
      readonly error: ErrorRecord;
    }
  | {
      readonly kind: 'undone';
      readonly branch: string;
      readonly epoch: number;
      readonly answer: 'undone' | 'nothing' | 'failed';
      readonly error?: ErrorRecord;
      readonly deadLetterId?: string;
    }
  /** A person decides, or answers for branches that do not. */
  | {
      readonly kind: 'decide';
      readonly decision: 'committed' | 'aborted';
      readonly actor: Actor;
      readonly note: string;
    }
  | { readonly kind: 'forget'; readonly actor: Actor };
