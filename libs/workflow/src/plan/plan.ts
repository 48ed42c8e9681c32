import type { ActionKind, JsonObject, JsonValue } from '@aura/contracts';
import type { BuiltIn } from './built-in';

/** A compiled mapping: where the parts of a value come from. */
export type Mapping =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  /** `input.a.b` (root `input`) or `steps.<id>.output.a.b` (root the step's id under `step`). An absent value maps to absent. */
  | { readonly kind: 'input'; readonly path: readonly string[] }
  | { readonly kind: 'step'; readonly step: string; readonly path: readonly string[] }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Mapping>> }
  | { readonly kind: 'array'; readonly items: readonly Mapping[] };

/** How a participant retries technical failures, and how often the coordinator asks again when nobody answers. */
export interface RetryPolicy {
  /** Deliveries of one epoch, 1 to 20; default 3. */
  readonly maxAttempts: number;
  /** Wait before the second attempt, ms; default 500. */
  readonly initialDelayMs: number;
  /** Growth of the wait; default 2. */
  readonly multiplier: number;
  /** Longest wait, ms; default 30000. */
  readonly maxDelayMs: number;
  /** How many epochs the coordinator tries before the step fails by timeout, 1 to 10; default 2. */
  readonly maxEpochs: number;
}

/** How an undo is carried out: how long it may take, and how often it is tried and asked for. */
export interface UndoPolicy {
  /** Time limit of one attempt, and how long the coordinator waits for an answer, ms; default 30000. */
  readonly timeoutMs: number;
  /** Defaults: 5 attempts of an epoch, 500 ms, doubled up to 30 s; 3 epochs. */
  readonly retry: RetryPolicy;
}

/** What happens when a step has failed for good. */
export type FailurePolicy =
  | { readonly policy: 'compensate' }
  | { readonly policy: 'suspend' }
  /** The saga goes on with this default output. */
  | { readonly policy: 'continue'; readonly output: JsonValue }
  /** The step completes with a default output, or by another node of the plan. */
  | { readonly policy: 'fallback'; readonly output: JsonValue }
  | { readonly policy: 'fallback'; readonly node: string };

/** Members of the input and of step outputs that travel with an event; `true` means all of it. */
export interface Carries {
  readonly input: true | readonly string[];
  readonly steps: Readonly<Record<string, true | readonly string[]>>;
}

/** One node of a plan. A fallback is a node of its own: `<step>.fallback`, with `standsFor`. */
export interface PlanStep {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly participant: string;
  /** Of a step that lives in the coordinator; its action is named after its type. Absent: a command to a participant. */
  readonly builtIn?: BuiltIn;
  readonly kind: ActionKind;
  /** Event type whose publication completes the step. */
  readonly emits: string;
  /** Empty for roots, which `saga.started` triggers, and for fallback nodes, which the coordinator asks for. */
  readonly dependencies: readonly string[];
  readonly join: 'all' | 'any' | 'ended';
  /** CEL over `input` and `steps`; absent: always. */
  readonly when?: string;
  readonly input: Mapping;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly failure: FailurePolicy;
  /** The step that this fallback node stands for. */
  readonly standsFor?: string;
  /** Its end is recorded at the participant under (saga, run, step) before it is published. */
  readonly recordsEnd: boolean;
  /** What the step's own event carries for steps further down (its own output travels anyway). */
  readonly carries: Carries;
  /** Steps that depend on this one, in order of the definition; empty for fallback nodes. */
  readonly dependents: readonly string[];
  /** Whether the step can end as skipped. */
  readonly skippable: boolean;
  /** Name of the action's undo; absent for the pivot, and for steps that have no effect. */
  readonly undo?: string;
  /** Of a stateful step; absent: the defaults. */
  readonly undoPolicy?: UndoPolicy;
  /** An empty key means the step's whole input. */
  readonly cache?: { readonly ttlMs: number; readonly key: readonly Mapping[] };
  /** Not shown on the public face. */
  readonly internal: boolean;
}

/** A foreign event that starts a saga. */
export interface PlanTrigger {
  /** CloudEvent type. */
  readonly on: string;
  /** CEL over `event`. */
  readonly when?: string;
  /** CEL over `event` giving the text that identifies the saga, instead of the event's id. */
  readonly correlate?: string;
  /** Paths `event.data.x`, `event.subject` … are compiled with kind `input` over the whole event: evaluate with it as input. */
  readonly input: Mapping;
}

/** The compiled definition: who reacts to what, which data each event must carry. Immutable, known by its digest. */
export interface Plan {
  /** `sha256:` of the canonical JSON of everything else in the plan. */
  readonly digest: string;
  readonly definition: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** JSON Schema of the saga's input. */
  readonly input: JsonObject | boolean;
  readonly output: Mapping;
  readonly example: JsonValue;
  /** Longest life of a saga, ms. */
  readonly timeoutMs: number;
  /** CEL over `input` and `steps`; all must be true for `completed`. */
  readonly successCriteria: readonly string[];
  readonly triggers: readonly PlanTrigger[];
  /** What saga.started carries. */
  readonly startCarries: Carries;
  /** All nodes, each behind its dependencies; fallback nodes last. */
  readonly steps: readonly PlanStep[];
}
