import type { JsonValue } from '@aura/contracts';
import type { PlanStep } from '@aura/workflow';
import type { ArrivalInput, ChildEndInput } from '../saga-input';
import type { GapSince } from '../gap-since';
import type { TurnBuilder } from '../turn';
import type { Begun } from './built-in-state';

/** A timer of a step that lives in the coordinator: `<type>/<step>/<epoch>`, with more behind it where there are several. */
export interface BuiltInTimer {
  readonly id: string;
  /** ms since 1970. */
  readonly until: number;
}

/**
 * One kind of step that lives in the coordinator; one file per kind. All functions are pure. Join, condition, input and
 * skipping are done with before a kind is asked; what follows from its end is the machine's, as for every step.
 */
export interface BuiltInKind {
  /** Begins a step with its mapped input: adds `stepBegun`, or ends the step at once. `before`: how it stood when a person had it tried again. */
  begin(turn: TurnBuilder, step: PlanStep, input: JsonValue, before: Begun | undefined): void;
  /**
   * What calls for something when it is due; an open step that has none waits for the saga's own time-out. `asked`: how often
   * the step was asked for again in this epoch because nothing was heard of it.
   */
  timers(step: PlanStep, begun: Begun, gapSince: GapSince, asked: number): readonly BuiltInTimer[];
  /** One of its timers is due. */
  onTimer(turn: TurnBuilder, step: PlanStep, begun: Begun, id: string): void;
  /** An event came that it may wait for. */
  onArrival?(turn: TurnBuilder, step: PlanStep, begun: Begun, arrival: ArrivalInput): void;
  /** A sub-saga ended that is one of the step's, whether the step is open or not. */
  onChildEnd?(turn: TurnBuilder, step: PlanStep, begun: Begun, end: ChildEndInput): void;
  /** What an open step waits for, in words that go on from "waits for". `asked` as in {@link timers}. */
  waitsFor(step: PlanStep, begun: Begun, asked: number): string;
}
