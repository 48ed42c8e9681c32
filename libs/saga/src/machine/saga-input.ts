import type { EndedSagaStatus, ErrorRecord, JsonValue } from '@aura/contracts';
import type { Actor } from '../coordinator';
import type { EndEvent, EventRef, ParentAsked, StepEnd } from './state';

/** A participant's word on how a node ended. */
export interface StepEndInput {
  readonly kind: 'stepEnd';
  readonly step: string;
  readonly run: number;
  readonly end: StepEnd;
  readonly event: EndEvent;
  readonly attempts: number;
  readonly output?: JsonValue;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
}

/** An event that a step waits for. */
export interface ArrivalInput {
  readonly kind: 'arrival';
  readonly step: string;
  readonly run: number;
  readonly event: EventRef & { readonly type: string };
  readonly data: JsonValue;
}

/** A sub-saga of a step ended. */
export interface ChildEndInput {
  readonly kind: 'childEnd';
  readonly step: string;
  readonly run: number;
  readonly iteration: number;
  readonly status: EndedSagaStatus;
  readonly event: EndEvent;
  readonly output?: JsonValue;
  readonly error?: ErrorRecord;
}

/** A sub-saga's parent was given up, or goes on without it. */
export interface ParentAskInput extends ParentAsked {
  readonly kind: 'parentAsk';
}

/** A participant's answer to an undo, or to the question how a step ended. */
export interface UndoAnswerInput {
  readonly kind: 'undoAnswer';
  readonly step: string;
  readonly run: number;
  readonly answer: 'undone' | 'nothing' | 'failed';
  readonly event: EndEvent;
  readonly error?: ErrorRecord;
  readonly deadLetterId?: string;
}

/** A timer that was due when it was published to the partition. */
export interface TimerInput {
  readonly kind: 'timer';
  readonly timer: string;
}

/** A person's wish that the saga goes no further. */
export interface CancelInput {
  readonly kind: 'cancel';
  readonly actor: Actor;
  readonly reason: string;
}

/** How a person mends a saga that waits for one. */
export interface MendInput {
  readonly kind: 'mend';
  /**
   * `retry`: the undo that failed, or the step that suspended the saga, once more. `skip`: leave what could not be undone.
   * `resolve`: it was undone by hand. `resume`: the suspended step's output is given by hand.
   */
  readonly command: 'retry' | 'skip' | 'resolve' | 'resume';
  readonly actor: Actor;
  /** Note or reason. */
  readonly reason: string;
  /** Absent: every undo that failed. */
  readonly step?: string;
  /** Of `resume`: the step's output. */
  readonly output?: JsonValue;
}

/** A person's wish that the saga goes on again from a step, as a new run. */
export interface RerunInput {
  readonly kind: 'rerun';
  readonly from: string;
  readonly actor: Actor;
  readonly reason: string;
}

/** Everything that a saga takes. */
export type SagaInput =
  | StepEndInput
  | ArrivalInput
  | ChildEndInput
  | ParentAskInput
  | UndoAnswerInput
  | TimerInput
  | CancelInput
  | MendInput
  | RerunInput;
