import { stepContinued, stepFailed } from '@aura/contracts';
import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { decisionId, MOST_STATE_CHARACTERS, never, sagaStream, stateSizeOf } from '@aura/kernel';
import { COORDINATOR_SOURCE } from '@aura/messaging';
import { evaluateMapping } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { Actor } from '../coordinator';
import { appliedOf } from './applied';
import { unmetCriterion } from './criteria';
import type { PaidEntry, SagaEntry, StepEndedEntry } from './entry';
import { END_RANK, evolve } from './evolve';
import { isDone, isImplied, isOwnStep, isSuperfluous, outputsOf, upstreamOf } from './progress';
import { stepOf } from './state';
import type { EndEvent, SagaState, StepEnd } from './state';
import { timersOf } from './timers';
import type { GapSince } from './timers';

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

export type SagaInput = StepEndInput | TimerInput | CancelInput;

/** What a turn knows beside state and inputs. */
export interface TurnClock {
  /** ms since 1970: time of the row. */
  readonly now: number;
  readonly gapSince: GapSince;
}

/** What a turn comes to: the row to append (none when `entries` is empty), and the state behind it. Commit first, then send. */
export interface Turn {
  readonly entries: readonly PaidEntry[];
  readonly state: SagaState;
}

/** Takes the inputs of one saga in one turn: at most one row. Pure. */
export function decide(
  compiled: CompiledPlan,
  before: SagaState,
  inputs: readonly SagaInput[],
  clock: TurnClock,
): Turn {
  const turn = new TurnBuilder(compiled, before, clock);
  for (const input of inputs) turn.take(input);
  turn.conclude();
  return { entries: turn.entries, state: turn.state };
}

class TurnBuilder {
  readonly entries: PaidEntry[] = [];
  state: SagaState;
  private readonly seq: number;

  constructor(
    private readonly compiled: CompiledPlan,
    before: SagaState,
    private readonly clock: TurnClock,
  ) {
    this.state = before;
    this.seq = before.seq + 1;
  }

  take(input: SagaInput): void {
    switch (input.kind) {
      case 'stepEnd':
        return this.takeEnd(input);
      case 'timer':
        return this.takeTimer(input.timer);
      case 'cancel':
        return this.takeCancel(input);
      default:
        return never(input);
    }
  }

  /** What the state calls for, until nothing is left to decide. */
  conclude(): void {
    if (this.entries.length === 0) return;
    for (const step of this.compiled.plan.steps) {
      if (this.state.status !== 'running') return;
      if (this.isToBeAnswered(step)) this.onFailure(step);
    }
    if (this.state.status === 'running' && this.isComplete()) this.complete();
  }

  private takeEnd(input: StepEndInput): void {
    const { step, end, output } = input;
    if (input.run !== this.state.run || !this.compiled.nodes.has(step)) return;
    const known = stepOf(this.state, step).end;
    if (known !== undefined && END_RANK[known] >= END_RANK[end]) return;
    const isTooLarge = this.state.size + stateSizeOf(output) > MOST_STATE_CHARACTERS;
    this.add(endedEntry(input), isTooLarge ? undefined : output);
    // What its output says cannot be kept, and so not be told to anybody again: the saga cannot go on.
    if (isTooLarge && this.state.status === 'running')
      this.giveUp(tooLarge(`the output of step ${step}`), step);
  }

  /** Counts only if, behind everything that had arrived before, the state still waits for it. */
  private takeTimer(id: string): void {
    const due = timersOf(this.compiled, this.state, this.clock.gapSince).find((timer) => timer.id === id);
    if (due === undefined || due.until > this.clock.now) return;
    if (due.kind === 'saga') {
      const message = `the saga did not end within ${this.compiled.plan.timeoutMs} ms`;
      return this.giveUp(timeoutError(message, 'SAGA_TIMEOUT'));
    }
    const { step } = due;
    if (!this.isUpstreamKnown(step)) return;
    if (due.kind === 'join') this.ask(step, stepOf(this.state, step.id).epoch, 'lostJoin');
    else this.onStepTimeout(step);
  }

  /** Refused, by saying nothing, where something is or may be applied: undo is not here yet. */
  private takeCancel({ actor, reason }: CancelInput): void {
    const { status } = this.state;
    if (status !== 'running' && status !== 'suspended') return;
    if (appliedOf(this.compiled, this.state).length > 0) return;
    this.add({ kind: 'ended', status: 'cancelled', actor, reason });
  }

  /** An end that is implied but not here yet brings the output that the step's triggers carry: it is waited for. */
  private isUpstreamKnown(step: PlanStep): boolean {
    const isMissing = (id: string): boolean =>
      stepOf(this.state, id).end === undefined && isImplied(this.compiled, this.state, id);
    return ![...upstreamOf(this.compiled, step)].some(isMissing);
  }

  private onStepTimeout(step: PlanStep): void {
    const { epoch } = stepOf(this.state, step.id);
    if (epoch < step.retry.maxEpochs) return this.ask(step, epoch + 1, 'timeout');
    const error = timeoutError(
      `nobody answered for step ${step.id} (${step.action} at ${step.participant}) within ${step.timeoutMs} ms, asked ${epoch} times`,
      'STEP_TIMEOUT',
    );
    this.end(step, 'failed', { error, type: stepFailed.type });
  }

  private ask(step: PlanStep, epoch: number, reason: 'timeout' | 'lostJoin'): void {
    this.add({ kind: 'stepAsked', step: step.id, epoch, reason });
  }

  /** Whoever goes on in a failed step's place is told all that came before it: an end that is on its way is waited for. */
  private isToBeAnswered(step: PlanStep): boolean {
    if (stepOf(this.state, step.id).end !== 'failed' || isSuperfluous(this.state, step)) return false;
    const goesOn = step.failure.policy === 'continue' || step.failure.policy === 'fallback';
    return !goesOn || this.isUpstreamKnown(step);
  }

  private onFailure(step: PlanStep): void {
    const { failure } = step;
    const error = stepOf(this.state, step.id).error ?? timeoutError('the step failed', 'STEP_FAILED');
    switch (failure.policy) {
      case 'continue':
        return this.end(step, 'continued', { output: failure.output, error, type: stepContinued.type });
      case 'fallback':
        if ('node' in failure) return this.askFallback(step, failure.node);
        return this.end(step, 'completed', { output: failure.output, error, type: step.emits });
      case 'suspend':
        return this.stop('suspended', error, step.id);
      case 'compensate':
        return this.giveUp(error, step.standsFor ?? step.id);
      default:
        return never(failure);
    }
  }

  private askFallback(step: PlanStep, node: string): void {
    if (stepOf(this.state, node).requestedAt !== undefined) return;
    this.add({ kind: 'fallbackAsked', step: step.id, node });
  }

  /** Running undo is not here yet: a saga that stops behind an applied stateful step says so and waits for a person. */
  private giveUp(error: ErrorRecord, failedStep?: string): void {
    const isApplied = appliedOf(this.compiled, this.state).length > 0;
    if (isApplied) return this.stop('compensation_failed', error, failedStep);
    this.add({ kind: 'ended', status: 'failed', error, ...(failedStep === undefined ? {} : { failedStep }) });
  }

  private stop(status: 'suspended' | 'compensation_failed', error: ErrorRecord, failedStep?: string): void {
    const applied = appliedOf(this.compiled, this.state);
    this.add({
      kind: 'stopped',
      status,
      error,
      applied,
      ...(failedStep === undefined ? {} : { failedStep }),
    });
  }

  private isComplete(): boolean {
    return this.compiled.plan.steps.every(
      (step) => !isOwnStep(step) || isDone(stepOf(this.state, step.id).end),
    );
  }

  private complete(): void {
    const outputs = outputsOf(this.compiled, this.state);
    const unmet = unmetCriterion(this.compiled, this.state, outputs);
    if (unmet !== undefined) return this.giveUp(unmet);
    const scope = { input: this.state.input, outputs };
    const output = evaluateMapping(this.compiled.plan.output, scope) ?? null;
    if (stateSizeOf(output) > MOST_STATE_CHARACTERS) return this.giveUp(tooLarge("the saga's output"));
    this.add({ kind: 'ended', status: 'completed' }, output);
  }

  /** An end that the coordinator decides; its event's id is a function of the row. */
  private end(
    step: PlanStep,
    end: StepEnd,
    how: { readonly output?: JsonValue; readonly error: ErrorRecord; readonly type: string },
  ): void {
    const { epoch, attempts } = stepOf(this.state, step.id);
    const event: EndEvent = {
      source: COORDINATOR_SOURCE,
      id: decisionId(sagaStream(this.state.saga), this.seq, this.entries.length),
      type: how.type,
      time: new Date(this.clock.now).toISOString(),
      epoch,
    };
    this.add(
      { kind: 'stepEnded', step: step.id, end, by: 'coordinator', event, attempts, error: how.error },
      how.output,
    );
  }

  private add(entry: SagaEntry, payload?: JsonValue): void {
    const paid: PaidEntry = payload === undefined ? { entry } : { entry, payload };
    this.entries.push(paid);
    this.state = evolve(this.compiled, this.state, paid, { seq: this.seq, at: this.clock.now });
  }
}

function endedEntry({
  step,
  end,
  event,
  attempts,
  reason,
  error,
  deadLetterId,
}: StepEndInput): StepEndedEntry {
  return {
    kind: 'stepEnded',
    step,
    end,
    by: 'participant',
    event,
    attempts,
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
    ...(deadLetterId === undefined ? {} : { deadLetterId }),
  };
}

function timeoutError(message: string, code: string): ErrorRecord {
  return { kind: 'timeout', code, message };
}

function tooLarge(what: string): ErrorRecord {
  return {
    kind: 'technical',
    code: 'SAGA_TOO_LARGE',
    message: `${what} makes the saga larger than ${MOST_STATE_CHARACTERS} characters of JSON`,
    help: 'Pass large content by reference (claim check) and let outputs name what later steps need.',
  };
}
