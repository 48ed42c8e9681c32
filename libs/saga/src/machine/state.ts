import type { ErrorRecord, JsonValue, ParentRef, SagaStatus } from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { Begun } from './built-in/built-in-state';

/** An event, by what identifies it. */
export interface EventRef {
  readonly source: string;
  readonly id: string;
}

/** What is kept of the event that ended a step, so that it can be emitted again as it was. */
export interface EndEvent extends EventRef {
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  readonly epoch: number;
}

/** How a step ended. */
export type StepEnd = 'completed' | 'skipped' | 'continued' | 'failed';

/** How an undo stands that was answered: by the participant, or by a person (`skipped`, `resolved`). */
export type UndoAnswer = 'undone' | 'nothing' | 'failed' | 'skipped' | 'resolved';

/** What the coordinator asks a participant's barrier for. */
export interface Asking {
  /** Epoch asked for last; 0: not yet. Those of one step and run are counted through. */
  readonly epoch: number;
  /** Epochs asked for since it was begun, or begun again by a person. */
  readonly tries: number;
  /** When the epoch was asked for, ms since 1970. */
  readonly askedAt?: number;
  readonly answer?: UndoAnswer;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
}

/** One step of the plan to undo. */
export interface UndoItem extends Asking {
  readonly step: string;
  readonly run: number;
  /** `ask`: a pivot, which is asked how it ended before anything is undone; when it is applied, the saga goes on. */
  readonly mode: 'undo' | 'ask';
  /** What a person said to it. */
  readonly note?: string;
}

/** A saga on its way to a new run. */
export interface Rerun {
  readonly from: string;
  /** Steps that are run again, in the order of the plan. */
  readonly again: readonly string[];
  /** Of these, steps that nobody answers for: they are not asked for again, and fail as the run begins. */
  readonly abandoned?: readonly string[];
  readonly actor: Actor;
  readonly reason: string;
}

/** A saga that was given up, or is to go on again from a step: why, and what is to be undone, in the order in which it may be. */
export interface Undoing {
  /** What it ends as when nothing stands; `failed` becomes `compensated` where something was undone. */
  readonly outcome: 'failed' | 'cancelled' | 'rerun';
  readonly error: ErrorRecord;
  readonly failedStep?: string;
  /** Of a rerun: what goes on when nothing stands of it any more. */
  readonly rerun?: Rerun;
  readonly items: readonly UndoItem[];
}

/** One node of the plan within a saga. Absent from the state until something happened to it. */
export interface StepState {
  /** The run that it belongs to; absent: the first. A step outside of a rerun stays in its own. */
  readonly run?: number;
  /** Absent: it has not ended. */
  readonly end?: StepEnd;
  readonly event?: EndEvent;
  /** When the coordinator recorded the end, ms since 1970. */
  readonly seenAt?: number;
  readonly output?: JsonValue;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
  /** Node that ended it, when that is its fallback. */
  readonly endedBy?: string;
  /** Epoch asked for last, from 1. */
  readonly epoch: number;
  /** When that epoch was asked for by the coordinator, ms; absent in the first epoch. */
  readonly epochAt?: number;
  /** Deliveries that the recorded end took, and those of epochs before. */
  readonly attempts: number;
  /** Re-emissions of a lost join in this epoch. */
  readonly reemissions: number;
  /** A fallback node: when it was asked for, ms. */
  readonly requestedAt?: number;
  /** The question how a step ended, before the saga goes on without it. */
  readonly asking?: Asking;
  /** The event that ended a wait. */
  readonly cause?: EventRef;
  /** Of a step that lives in the coordinator: since when, and how it stands. */
  readonly begun?: Begun;
  /** Technical failures of epochs up to this one are no news: a person had the step tried again. */
  readonly retriedFrom?: number;
}

/** Where an event came from that started a saga. */
export interface TriggerRef {
  readonly source: string;
  readonly id: string;
  readonly type: string;
}

/** What a sub-saga's parent asked for last: that nothing of it goes on or stands. */
export interface ParentAsked {
  /** `ask`: a completion stands. */
  readonly mode: 'undo' | 'ask';
  /** Counts what is asked about the parent's step in its run. */
  readonly epoch: number;
  /** Whether a later sub-saga of the same step was undone before. */
  readonly undone: boolean;
  /** A person left what a later sub-saga of the same step did as it stands. */
  readonly skipped?: true;
  readonly error: ErrorRecord;
}

/** A saga: the fold of its journal. */
export interface SagaState {
  readonly saga: string;
  /** Newest row. */
  readonly seq: number;
  /** Number of entries so far: what clients see as `sequence`. */
  readonly sequence: number;
  readonly status: SagaStatus;
  readonly run: number;
  /** When that run began, ms since 1970; absent in the first. */
  readonly runAt?: number;
  /** Since when the saga's time limit counts, ms since 1970; absent: since its start. A run that a person asked for has all of it. */
  readonly limitFrom?: number;
  readonly partition: number;
  /** Digest of the pinned plan. */
  readonly digest: string;
  readonly actor: Actor;
  readonly userId?: string;
  readonly trigger?: TriggerRef;
  /** Of a sub-saga. */
  readonly parent?: ParentRef;
  readonly asked?: ParentAsked;
  readonly input: JsonValue;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** When it stopped and began to wait for a person, ms since 1970. */
  readonly stoppedAt?: number;
  readonly output?: JsonValue;
  readonly error?: ErrorRecord;
  readonly failedStep?: string;
  /** Who cancelled it, and why. */
  readonly cancelled?: { readonly actor: Actor; readonly reason: string };
  /** Stateful steps whose effect stands or may stand, once the saga has stopped. */
  readonly applied?: readonly string[];
  /** Present from the moment it was given up. */
  readonly undoing?: Undoing;
  readonly steps: Readonly<Record<string, StepState>>;
  /** About the characters of the payloads it holds (input and outputs as JSON text); at most `MOST_STATE_CHARACTERS`. */
  readonly size: number;
  /** W3C trace context of the start. */
  readonly traceparent?: string;
}

/** A step about which nothing is known yet. */
export const UNTOUCHED: StepState = Object.freeze({ epoch: 1, attempts: 0, reemissions: 0 });

/** A saga with another state of one node. */
export function withStep(state: SagaState, id: string, step: StepState): SagaState {
  return { ...state, steps: { ...state.steps, [id]: step } };
}

/** A node's state; untouched when nothing happened to it. */
export function stepOf(state: SagaState, id: string): StepState {
  return state.steps[id] ?? UNTOUCHED;
}

/** The run that a node belongs to. */
export function stepRunOf(state: SagaState, id: string): number {
  return stepOf(state, id).run ?? 1;
}

/** What is undone of a saga, or asked about, since it was given up; none before. */
export function undoItems({ undoing }: SagaState): readonly UndoItem[] {
  return undoing?.items ?? [];
}
