import type { JsonValue, TransactionBranch } from '@aura/contracts';

/** A wait under way: for a time, or for an event. */
export interface WaitState {
  readonly type: 'wait';
  /** It ends then, ms since 1970: a date, which no gap moves. */
  readonly until?: number;
  /** It ends so long after it began, ms; time that was nobody's fault is added. */
  readonly forMs?: number;
  /** Type of the event that ends it, and the key that this event must have. */
  readonly on?: string;
  readonly key?: string;
}

/** A transaction that was asked for: it has a journal of its own. */
export interface TransactionStepState {
  readonly type: 'transaction';
  readonly branches: readonly TransactionBranch[];
}

/** A sub-saga that was asked for: it has a journal of its own. */
export interface SagaStepState {
  readonly type: 'saga';
  /** Its id. */
  readonly child: string;
  /** Which of the step's sub-sagas in this run it is, from 1. */
  readonly iteration: number;
  /** How many before it completed without being enough. */
  readonly completed: number;
  /** When the first one of this epoch began, ms since 1970. */
  readonly since: number;
  readonly input: JsonValue;
}

/** What is known of a step that lives in the coordinator, from when it began. Grows with each built-in kind. */
export type BuiltInState = WaitState | TransactionStepState | SagaStepState;

/** A step that has begun in the coordinator. */
export interface Begun {
  /** ms since 1970. */
  readonly at: number;
  /** The step's epoch then: one that a person has tried again begins again, and knows what was before. */
  readonly epoch: number;
  readonly builtIn: BuiltInState;
}
