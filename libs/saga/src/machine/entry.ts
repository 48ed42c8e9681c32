import type { ErrorRecord, JsonValue, ParentRef } from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { BuiltInState } from './built-in/built-in-state';
import type { MendInput } from './saga-input';
import type { EndEvent, EventRef, ParentAsked, StepEnd, TriggerRef } from './state';

/** The saga began. Its input is the entry's payload. */
export interface StartedEntry {
  readonly kind: 'started';
  readonly saga: string;
  readonly digest: string;
  readonly partition: number;
  readonly actor: Actor;
  readonly userId?: string;
  readonly trigger?: TriggerRef;
  readonly traceparent?: string;
  /** Of a sub-saga. */
  readonly parent?: ParentRef;
  /** It ends in the same row: nobody is told of a start. */
  readonly isRefused?: true;
}

/** A node ended, told by its participant or decided by the coordinator. Its output is the entry's payload. */
export interface StepEndedEntry {
  readonly kind: 'stepEnded';
  readonly step: string;
  readonly end: StepEnd;
  readonly by: 'participant' | 'coordinator';
  readonly event: EndEvent;
  readonly attempts: number;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
  /** The event that ended a wait. */
  readonly cause?: EventRef;
}

/** A step that lives in the coordinator began: what it waits for. */
export interface StepBegunEntry {
  readonly kind: 'stepBegun';
  readonly step: string;
  readonly builtIn: BuiltInState;
}

/** The coordinator asks for a step again: nobody answered, its join was lost, or nothing is heard of its sub-saga. */
export interface StepAskedEntry {
  readonly kind: 'stepAsked';
  readonly step: string;
  readonly epoch: number;
  readonly reason: 'timeout' | 'lostJoin' | 'lostSubSaga' | 'person';
}

/** The coordinator asks for a fallback node. */
export interface FallbackAskedEntry {
  readonly kind: 'fallbackAsked';
  readonly step: string;
  readonly node: string;
}

/** A sub-saga's parent asks that nothing of it goes on or stands. */
export interface ParentAskedEntry extends ParentAsked {
  readonly kind: 'parentAsked';
  /** The answer is known as the saga stands; otherwise it comes with the saga's end. */
  readonly isAnswered: boolean;
}

/** A person has the saga run again from a step, or it goes on without a step that nobody answers for. What is applied of the steps that are run again is undone first. */
export interface RerunAskedEntry {
  readonly kind: 'rerunAsked';
  readonly from: string;
  /** Steps that are run again, in the order of the plan. */
  readonly again: readonly string[];
  /** Steps to undo, in the order in which they may be. */
  readonly plan: readonly string[];
  /** The coordinator's own: steps that nobody answers for, which the new run goes on without. */
  readonly abandoned?: readonly string[];
  readonly actor: Actor;
  readonly reason: string;
}

/** A new run began: steps that are run again are as if nothing had happened to them, the others keep their ends. */
export interface RunBeganEntry {
  readonly kind: 'runBegan';
  readonly run: number;
  readonly from: string;
  readonly again: readonly string[];
  readonly abandoned?: readonly string[];
  readonly actor: Actor;
  readonly reason: string;
}

/** The saga ended well. Its output is the entry's payload. */
export interface CompletedEntry {
  readonly kind: 'ended';
  readonly status: 'completed';
}

/** The coordinator asks how a stateful step ended before it goes on without it. */
export interface EndAskedEntry {
  readonly kind: 'endAsked';
  readonly step: string;
  readonly epoch: number;
}

/** The saga was given up, and what is applied or may be is undone. */
export interface GivenUpEntry {
  readonly kind: 'givenUp';
  readonly outcome: 'failed' | 'cancelled';
  readonly error: ErrorRecord;
  readonly failedStep?: string;
  /** Steps to undo, in the order in which they may be: those behind before those in front. */
  readonly plan: readonly string[];
  /** Of a saga that was cancelled: who and why. */
  readonly cancelled?: { readonly actor: Actor; readonly reason: string };
}

/** The coordinator asks a participant to undo a step, or how a pivot ended. */
export interface UndoAskedEntry {
  readonly kind: 'undoAsked';
  readonly step: string;
  readonly run: number;
  readonly epoch: number;
}

/** An undo, or the question how a step ended, was answered. */
export interface UndoAnsweredEntry {
  readonly kind: 'undoAnswered';
  readonly step: string;
  readonly run: number;
  readonly answer: 'undone' | 'nothing' | 'failed';
  readonly by: 'participant' | 'coordinator';
  readonly event?: EndEvent;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
}

/** A person did something about a saga that waits for one. */
export interface MendedEntry {
  readonly kind: 'mended';
  readonly command: MendInput['command'];
  readonly actor: Actor;
  readonly reason: string;
  readonly steps: readonly string[];
}

/** A saga that had stopped goes on: forward, or with undoing. */
export interface ResumedEntry {
  readonly kind: 'resumed';
  readonly status: 'running' | 'compensating';
  readonly reason: string;
}

/** The saga was given up and has ended; `failed`: nothing was there to undo. */
export interface FailedEntry {
  readonly kind: 'ended';
  readonly status: 'failed' | 'compensated';
  readonly error: ErrorRecord;
  readonly failedStep?: string;
}

/** The saga was cancelled by somebody, and nothing of it stands. */
export interface CancelledEntry {
  readonly kind: 'ended';
  readonly status: 'cancelled';
  readonly actor: Actor;
  readonly reason: string;
}

/** The saga stopped going forward and waits for a person: its step's policy says so, or what is applied cannot be undone. */
export interface StoppedEntry {
  readonly kind: 'stopped';
  readonly status: 'suspended' | 'compensation_failed';
  readonly error: ErrorRecord;
  readonly failedStep?: string;
  readonly applied: readonly string[];
}

/** What a row of a saga's journal is made of: inputs as they were accepted, and what was decided on them. */
export type SagaEntry =
  | StartedEntry
  | StepEndedEntry
  | StepBegunEntry
  | StepAskedEntry
  | FallbackAskedEntry
  | EndAskedEntry
  | ParentAskedEntry
  | GivenUpEntry
  | UndoAskedEntry
  | UndoAnsweredEntry
  | MendedEntry
  | ResumedEntry
  | RerunAskedEntry
  | RunBeganEntry
  | CompletedEntry
  | FailedEntry
  | CancelledEntry
  | StoppedEntry;

/** An entry with its payload, which stands apart from what the fold's structure needs. */
export interface PaidEntry {
  readonly entry: SagaEntry;
  readonly payload?: JsonValue;
}
