import type { ActionKind, CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import type { ClaimCheck, Randomness } from '@aura/kernel';
import type { z } from 'zod';

/** What an action knows beside its input. */
export interface ActionContext {
  readonly saga: string;
  readonly run: number;
  readonly step: string;
  readonly epoch: number;
  /** Delivery of this epoch, from 1. */
  readonly attempt: number;
  /** The person whose saga it is, when known. */
  readonly userId?: string;
  /** Key of the operation, the same in every delivery, epoch and process: make foreign stores idempotent by it. */
  readonly operation: string;
  /** Seeded from the trigger: the same in every delivery. */
  readonly randomness: Randomness;
  /** Time of the trigger, ms since 1970: the same in every delivery. */
  readonly now: number;
  /** Aborts at the step's time limit. */
  readonly signal: AbortSignal;
  /** Large payloads by digest. Content-addressed, so that reading one is pure. */
  readonly claims: Pick<ClaimCheck, 'get' | 'put'>;
}

/** A further event that an action returns beside its output. Published by the runtime, with a deterministic id. */
export interface PlainEvent {
  readonly type: string;
  readonly data: JsonValue;
  readonly subject?: string;
}

/** What an action returns when it has more to say than its output. */
export interface ActionResult<O> {
  readonly output: O;
  readonly events?: readonly PlainEvent[];
}

interface ActionBase<I extends z.ZodType, O extends z.ZodType> {
  /** `[a-z][a-z0-9-]{0,62}`; unique among all participants. */
  readonly name: string;
  readonly description?: string;
  readonly input: I;
  readonly output: O;
  /** CloudEvent type whose publication completes the step. */
  readonly emits: string;
  /** Types of further events it may return. */
  readonly publishes?: readonly string[];
}

/** An action whose output is a function of its input (pure), or of its input and something that changes (reading). */
export interface ComputedAction<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> extends ActionBase<I, O> {
  readonly kind: 'pure' | 'reading';
  /** Throw `BusinessError` for a refusal that is final, `TerminalError` for what can never work; anything else is retried. */
  run(
    input: z.output<I>,
    context: ActionContext,
  ): Promise<ActionResult<z.input<O>>> | ActionResult<z.input<O>>;
}

/** What one claim wants of one resource. */
export interface ResourceClaim {
  readonly type: string;
  readonly id: string;
  readonly amount: JsonValue;
}

/** A kind of thing that actions change, kept as a journal of changes (stream `<type>/<id>`). All functions are pure. */
export interface ResourceType<S = unknown> {
  readonly name: string;
  readonly initial: S;
  evolve(state: S, change: JsonValue): S;
  /** The change that a claim makes, or a business refusal. */
  decide(
    state: S,
    amount: JsonValue,
    id: string,
  ): { readonly change: JsonValue } | { readonly refused: Pick<ErrorRecord, 'code' | 'message' | 'help'> };
  /** The change that takes another one back. */
  reverse(change: JsonValue): JsonValue;
  /**
   * How a resource looks to others while a transaction holds a prepared change of it: for what is counted, with what
   * the change would take taken, and without what it would give (available = on hand - prepared). Changes of such a type
   * must be relative, so that they may be applied in any order. Absent: the resource is locked whole until the decision.
   */
  reserve?(state: S, prepared: JsonValue): S;
}

/** What was done and is to be undone. */
export interface UndoCall<I, O> {
  /** The input that the action decided on. */
  readonly input: I;
  /** Absent when the action's end is not known: it may have taken effect or not. */
  readonly output?: O;
}

/**
 * An action that changes resources kept here, behind the barrier: claim, one row in each resource's journal, outcome.
 * Its undo is one line: the runtime reverses what was applied by `reverse` of the resources.
 */
export interface ResourceAction<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> extends ActionBase<I, O> {
  readonly kind: 'stateful';
  readonly resources: readonly ResourceType[];
  /** What the action wants, decided once and kept in the claim. */
  claim(
    input: z.output<I>,
    context: ActionContext,
  ): Promise<readonly ResourceClaim[]> | readonly ResourceClaim[];
  /** The output, made from what was applied and nothing else: asked before that stands, and again where it came otherwise. */
  outcome(
    input: z.output<I>,
    applied: readonly (ResourceClaim & { readonly change: JsonValue })[],
    context: ActionContext,
  ): ActionResult<z.input<O>>;
  /** Without one the step is the pivot: nothing that can fail stands behind or beside it. */
  readonly undo?: { readonly name: string };
}

/**
 * An action that changes a store of its own (an SQL database, a payment provider). It gets the operation key in its
 * context, and action and undo must be idempotent by it; an undo that comes first must make a later action of the same key
 * do nothing, or find it when it comes and be called again: it is, behind every effect that was made beside it.
 */
export interface ForeignAction<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> extends ActionBase<I, O> {
  readonly kind: 'stateful';
  /** Throw `BusinessError` for a refusal that is final and had no effect; anything else is retried with the same key. */
  run(
    input: z.output<I>,
    context: ActionContext,
  ): Promise<ActionResult<z.input<O>>> | ActionResult<z.input<O>>;
  /** Without one the step is the pivot: nothing that can fail stands behind or beside it. */
  readonly undo?: {
    readonly name: string;
    run(call: UndoCall<z.output<I>, z.output<O>>, context: ActionContext): Promise<void> | void;
  };
}

/** An action that changes something, behind the barrier. */
export type StatefulAction<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> =
  ResourceAction<I, O> | ForeignAction<I, O>;

export type Action = ComputedAction | StatefulAction;

/** A plain subscription of a participant: a projection. Must be idempotent by the event's (source, id). */
export interface Subscription {
  /** CloudEvent type. */
  readonly on: string;
  handle(event: CloudEvent): Promise<void>;
}

/** A participant: a service that offers actions. One queue, any number of instances. */
export interface ParticipantDefinition {
  /** `[a-z][a-z0-9-]{0,62}`. */
  readonly name: string;
  readonly version: string;
  readonly actions: readonly Action[];
  readonly subscriptions?: readonly Subscription[];
}

/** An action as its author writes it: the event that completes the step may be left to a name of its own. */
export type Described<A extends Action> = Omit<A, 'emits'> & {
  /** Default: `ai.aura.action.<name>.completed.v1`. */
  readonly emits?: string;
};

/** Types an action by its schemas, and names the event that completes its step where its author did not. */
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  action: Described<ComputedAction<I, O>>,
): ComputedAction<I, O>;
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  action: Described<ResourceAction<I, O>>,
): ResourceAction<I, O>;
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  action: Described<ForeignAction<I, O>>,
): ForeignAction<I, O>;
export function defineAction(action: Action | Omit<Action, 'emits'>): Action {
  return { emits: `ai.aura.action.${action.name}.completed.v1`, ...action } as Action;
}

export type { ActionKind };
