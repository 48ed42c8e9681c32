import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { EndEvent, StepEnd, TriggerRef } from './state';

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
}

/** The coordinator asks for a step again: nobody answered, or its join was lost. */
export interface StepAskedEntry {
  readonly kind: 'stepAsked';
  readonly step: string;
  readonly epoch: number;
  readonly reason: 'timeout' | 'lostJoin';
}

/** The coordinator asks for a fallback node. */
export interface FallbackAskedEntry {
  readonly kind: 'fallbackAsked';
  readonly step: string;
  readonly node: string;
}

/** The saga ended well. Its output is the entry's payload. */
export interface CompletedEntry {
  readonly kind: 'ended';
  readonly status: 'completed';
}

/** The saga ended, and nothing was there to undo. */
export interface FailedEntry {
  readonly kind: 'ended';
  readonly status: 'failed';
  readonly error: ErrorRecord;
  readonly failedStep?: string;
}

/** The saga was cancelled by somebody while nothing was applied. */
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
  | StepAskedEntry
  | FallbackAskedEntry
  | CompletedEntry
  | FailedEntry
  | CancelledEntry
  | StoppedEntry;

/** An entry with its payload, which stands apart from what the fold's structure needs. */
export interface PaidEntry {
  readonly entry: SagaEntry;
  readonly payload?: JsonValue;
}
