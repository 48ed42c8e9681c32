import type {
  ErrorRecord,
  HeldResource,
  JsonValue,
  TransactionBranch,
  TransactionVote,
} from '@aura/contracts';
import type { Actor } from '../coordinator';

/** What a committed branch's undo stands at. */
export interface BranchUndo {
  /** Counts the askings, from 1. */
  readonly epoch: number;
  /** ms since 1970. */
  readonly askedAt: number;
  readonly answer?: 'undone' | 'nothing' | 'failed';
  readonly error?: ErrorRecord;
  /** Of a failed one: what could not be handled. */
  readonly deadLetterId?: string;
}

/** One branch of a transaction. */
export interface BranchState extends TransactionBranch {
  readonly vote?: TransactionVote;
  /** It voted before the store was set back, or lost: what followed then is not known. */
  readonly isOldVote?: true;
  /** What it says that was decided, before the store was set back or lost. */
  readonly heard?: 'committed' | 'aborted';
  /** What its action answers once it is applied. */
  readonly output?: JsonValue;
  /** Why it said no. */
  readonly error?: ErrorRecord;
  /** It said no for want of an answer: what could not be handled. */
  readonly deadLetterId?: string;
  readonly held: readonly HeldResource[];
  /** It has done what was decided, or a person answered for it. */
  readonly isDone?: true;
  /** Who answered for it, and with which note: what the participant really did is not known. */
  readonly byHand?: { readonly by: string; readonly note: string };
  readonly undo?: BranchUndo;
}

/** What the saga wants of a transaction step that it goes on without: undone, or an answer how it ended. */
export interface Fence {
  readonly mode: 'undo' | 'ask';
  /** Epoch asked for last. */
  readonly epoch: number;
  readonly error: ErrorRecord;
  /** What was answered. */
  readonly answer?: 'undone' | 'nothing' | 'failed';
  /** Why the undo failed, as it was answered. */
  readonly failure?: ErrorRecord;
  /** What could not be handled of it. */
  readonly deadLetterId?: string;
}

/** What a transaction knows of its step from the moment it is opened. */
export interface TransactionHead {
  /** `<saga>/<run>/<step>/<n>`. */
  readonly transaction: string;
  readonly saga: string;
  readonly run: number;
  readonly step: string;
  readonly n: number;
  /** Digest and id of the pinned definition. */
  readonly digest: string;
  readonly definition: string;
  readonly partition: number;
  /** Epoch of the step that it was begun for. */
  readonly epoch: number;
  readonly userId?: string;
  readonly traceparent?: string;
  /** The incarnation of the store that its journal was opened in. Absent: the first. */
  readonly incarnation?: string;
}

/** What a transaction was begun with. */
export interface TransactionTerms {
  /** How long votes are waited for, ms. */
  readonly prepareMs: number;
  /** Number of the last transaction that may follow when this one is aborted for a technical reason. */
  readonly lastN: number;
  /** Event type whose publication completes the step. */
  readonly emits: string;
}

/**
 * `preparing`: votes are waited for. `unknown`: the store was set back or lost, and what was decided may be lost with it: who
 * knows is asked, and a person decides. `committing`, `aborting`: decided, some branches have not done it yet. `committed`,
 * `aborted`: all have. `undoing`: its saga was given up and branches are undone; `undone`; `undo_failed`: a person looks.
 */
export type TransactionStatus =
  | 'preparing'
  | 'unknown'
  | 'committing'
  | 'committed'
  | 'aborting'
  | 'aborted'
  | 'undoing'
  | 'undone'
  | 'undo_failed';

/** A transaction: the fold of its journal. */
export interface TransactionState extends TransactionHead {
  /** Newest row. */
  readonly seq: number;
  readonly status: TransactionStatus;
  readonly terms: TransactionTerms;
  readonly branches: readonly BranchState[];
  /** ms since 1970. */
  readonly startedAt: number;
  /** Its saga is older than the incarnation that began it: it may have been begun, and decided, before. */
  readonly mayBeDecided?: true;
  readonly decidedAt?: number;
  readonly endedAt?: number;
  /** Why it was aborted. */
  readonly error?: ErrorRecord;
  /** Of the branch that it was aborted for: what could not be handled. */
  readonly deadLetterId?: string;
  /** The next transaction of the step follows. */
  readonly isFollowed?: true;
  /** When its branches were asked or told last, ms since 1970; and how often they were reminded of what was decided. */
  readonly toldAt: number;
  readonly reminders: number;
  readonly fence?: Fence;
  readonly forgotten?: { readonly by: Actor; readonly at: number };
}

/** Whether a branch can be applied. */
export function isWilling({ vote }: BranchState): boolean {
  return vote === 'yes' || vote === 'read-only';
}

/** Whether its step was reached: one that is only asked for, or fenced, has no step to tell of its end. */
export function isBegun({ terms }: TransactionState): boolean {
  return terms.emits !== '';
}

/** Branches that have still to do what was decided: those that changed nothing, or said no, hold nothing. */
export function unfinished({ branches }: TransactionState): readonly BranchState[] {
  return branches.filter(({ vote, isDone }) => isDone !== true && vote !== 'read-only' && vote !== 'no');
}

/** What was decided; undefined: nothing yet. */
export function decisionOf({ status }: TransactionState): 'committed' | 'aborted' | undefined {
  if (status === 'preparing' || status === 'unknown') return undefined;
  return status === 'aborting' || status === 'aborted' ? 'aborted' : 'committed';
}

/** Decided, and some branches may not have done it yet. */
export function isDecided({ status }: TransactionState): boolean {
  return status === 'committing' || status === 'aborting';
}

/** No decision stands in its journal. */
export function isUndecided(state: TransactionState | undefined): boolean {
  return state !== undefined && decisionOf(state) === undefined;
}
