import type { ErrorRecord } from '@aura/contracts';
import type { OutboundMessage } from '../bus';

/** How a consumer retries a technical failure. Times in milliseconds. */
export interface RetrySchedule {
  /** Deliveries in all, from 1. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly multiplier: number;
  /** Longest wait before jitter. */
  readonly maxDelayMs: number;
}

/** Handled: publish these, then the delivery is done. */
export interface Done {
  readonly kind: 'done';
  readonly publish: readonly OutboundMessage[];
  /** Called once everything is confirmed, before the ack. */
  readonly published?: () => void;
}

/** Handled before; nothing to do. */
export interface Dropped {
  readonly kind: 'dropped';
  readonly reason: string;
}

/** Something is missing that will come (a plan, a saga): come back after a while. Never counts as an attempt. */
export interface Held {
  readonly kind: 'held';
  readonly reason: string;
  readonly delayMs: number;
  /** How long it has been held once it comes back, for who counts that (ms); absent: as it came. */
  readonly heldForMs?: number;
  /** Only these reactions of the consumer wait; absent: all of them. */
  readonly targets?: readonly string[];
  /** What is away, when waiting means an outage of something: counts towards the breaker. */
  readonly outage?: ErrorRecord;
}

/** What a failed delivery leaves behind, given the id of its dead letter. */
export type OnDead = (deadLetterId: string, attempts: number) => Promise<readonly OutboundMessage[]>;

/** A technical failure: the ladder, and at its end a dead letter. */
export interface Retry {
  readonly kind: 'retry';
  readonly error: ErrorRecord;
  readonly schedule: RetrySchedule;
  /** Only these reactions of the consumer are meant. */
  readonly targets: readonly string[];
  readonly onDead: OnDead;
  /** Somebody else has what is wanted: whoever says so is there, so that however many hear it, it is no outage. */
  readonly isContended?: true;
}

/** It will never work: a dead letter at once. */
export interface Dead {
  readonly kind: 'dead';
  readonly error: ErrorRecord;
  readonly targets: readonly string[];
  readonly onDead: OnDead;
}

/** One delivery, several reactions, each with an outcome of its own. */
export interface Many {
  readonly kind: 'many';
  readonly outcomes: readonly Outcome[];
}

/** What a handler answers. Handlers never ack and never publish. */
export type Outcome = Done | Dropped | Held | Retry | Dead | Many;

/** Nothing to publish. */
export const DONE: Done = Object.freeze({ kind: 'done', publish: [] });

/** Leaves nothing behind. */
export const leaveNothing: OnDead = () => Promise.resolve([]);

/**
 * One outcome of several reactions to one delivery: done when every one is done or dropped, so that the delivery may be
 * remembered as done; otherwise each stays on its own.
 */
export function together(outcomes: readonly Outcome[]): Outcome {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  const done = outcomes.filter((outcome) => outcome.kind === 'done');
  const isDone = outcomes.every(({ kind }) => kind === 'done' || kind === 'dropped');
  return isDone ? merged(done) : { kind: 'many', outcomes };
}

/** Publishes what each of them publishes; each is told once everything is confirmed. */
export function merged(done: readonly Done[]): Done {
  return {
    kind: 'done',
    publish: done.flatMap(({ publish }) => publish),
    published: () => done.forEach(({ published }) => published?.()),
  };
}
