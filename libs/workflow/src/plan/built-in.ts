/** Waits for a time or for an event. Its input is `{ until }`, `{ match }` or `{}`. */
export interface WaitStep {
  readonly type: 'wait';
  /** Length of a wait for a span of time, ms. */
  readonly forMs?: number;
  /** CloudEvent type of a wait for an event; without it and without `forMs` the input says until when. */
  readonly on?: string;
  /** CEL over `event` giving the key to which the input's `match` must be equal; absent: its `correlationid` must be the saga's id. */
  readonly correlate?: string;
}

/** Applies all of its branches, or none. Its input has a member for each branch. */
export interface TransactionStep {
  readonly type: 'transaction';
  /** How long the votes are waited for, ms. */
  readonly prepareMs: number;
  readonly branches: readonly {
    readonly id: string;
    readonly participant: string;
    readonly action: string;
  }[];
}

/** Runs another definition as a saga of its own. Its input is that saga's. */
export interface SagaStep {
  readonly type: 'saga';
  readonly workflow: string;
  readonly version: string;
  /** Digest of the plan that its sub-sagas are pinned to. */
  readonly digest: string;
  /** Ids of the definitions that run below the step: the workflow, and what is nested in it; sorted. */
  readonly below: readonly string[];
  /** Participants that work below the step, sorted. */
  readonly participants: readonly string[];
  /** Levels of sub-sagas below the step's saga, at least 1. */
  readonly levels: number;
  /** Another one follows until the CEL over `output` (the last one's) is true, `max` in all. */
  readonly repeat?: { readonly until: string; readonly max: number };
}

/** What a step does that lives in the coordinator: everything that is known before it runs. Its input is the step's. */
export type BuiltIn = WaitStep | TransactionStep | SagaStep;

/** CloudEvent type that a step waits for; undefined for one that waits for a time, or for nothing. */
export function awaitedType(builtIn: BuiltIn | undefined): string | undefined {
  return builtIn?.type === 'wait' ? builtIn.on : undefined;
}

/** The participant that performs the built-in steps, as it is called. It has no queue of a participant. */
export const BUILT_IN_PARTICIPANT = 'coordinator';
