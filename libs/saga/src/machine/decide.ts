import { stepContinued } from '@aura/contracts';
import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { MOST_STATE_CHARACTERS, never, stateSizeOf } from '@aura/kernel';
import { evaluateMapping } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { appliedOf, goesOnWithout } from './applied';
import { beginSteps, onBuiltInTimer, takeArrival, takeChildEnd } from './built-in/go-on';
import { askEnd, mustAsk } from './ask-first';
import { unmetCriterion } from './criteria';
import type { CancelledEntry, FailedEntry, PaidEntry, StartedEntry, StepEndedEntry } from './entry';
import { begin, END_RANK } from './evolve';
import { cancel, giveUp, onUndoTimeout, takeUndoAnswer, unwind } from './give-up';
import { mend } from './mend';
import { stopForParent, takeParentAsk } from './parent';
import { isDone, isOwnStep, isSuperfluous, isUpstreamKnown, outputsOf } from './progress';
import { rerun } from './rerun';
import { timeoutError, tooLarge } from './saga-errors';
import type {
  CancelInput,
  MendInput,
  ParentAskInput,
  RerunInput,
  SagaInput,
  StepEndInput,
} from './saga-input';
import { stepOf, stepRunOf } from './state';
import type { SagaState } from './state';
import { timersOf } from './timers';
import type { StepTimer } from './timers';
import { UNTOLD } from './triggers';
import { TurnBuilder } from './turn';
import type { TurnClock } from './turn';

/** What a turn comes to: the row to append (none when `entries` is empty), and the state behind it. Commit first, then send. */
export interface Turn {
  readonly entries: readonly PaidEntry[];
  readonly state: SagaState;
}

/** The first turn of a saga: it begins, and so do the steps that live in the coordinator and wait for nothing. Pure. */
export function decideStart(
  compiled: CompiledPlan,
  start: StartedEntry,
  input: JsonValue,
  clock: TurnClock,
): Turn {
  const begun = begin(start, input, { seq: 1, at: clock.now });
  const turn = new Decision(compiled, { ...begun, seq: 0 }, clock);
  turn.entries.push({ entry: start, payload: input });
  turn.conclude();
  return { entries: turn.entries, state: { ...turn.state, seq: begun.seq } };
}

/** The first turn of a sub-saga that does not begin: it has ended, and says so. Pure. */
export function decideRefused(
  compiled: CompiledPlan,
  start: StartedEntry,
  end: FailedEntry | CancelledEntry,
  clock: TurnClock,
): Turn {
  const refused: StartedEntry = { ...start, isRefused: true };
  const turn = new TurnBuilder(
    compiled,
    { ...begin(refused, null, { seq: 1, at: clock.now }), seq: 0 },
    clock,
  );
  turn.entries.push({ entry: refused, payload: null });
  turn.add(end);
  return { entries: turn.entries, state: turn.state };
}

/** Takes the inputs of one saga in one turn: at most one row. Pure. */
export function decide(
  compiled: CompiledPlan,
  before: SagaState,
  inputs: readonly SagaInput[],
  clock: TurnClock,
): Turn {
  const turn = new Decision(compiled, before, clock);
  for (const input of inputs) turn.take(input);
  turn.conclude();
  return { entries: turn.entries, state: turn.state };
}

class Decision extends TurnBuilder {
  take(input: SagaInput): void {
    switch (input.kind) {
      case 'stepEnd':
        return this.takeEnd(input);
      case 'arrival':
        return takeArrival(this, input);
      case 'childEnd':
        return takeChildEnd(this, input);
      case 'undoAnswer':
        return takeUndoAnswer(this, input);
      case 'timer':
        return this.takeTimer(input.timer);
      default:
        return takeWish(this, input);
    }
  }

  /** What the state calls for, until nothing is left to decide. */
  conclude(): void {
    if (this.entries.length === 0) return;
    for (let before = -1; before < this.entries.length;) {
      before = this.entries.length;
      this.goOn();
    }
  }

  private goOn(): void {
    stopForParent(this);
    // What was given up in this turn is fenced in this turn, and what has nothing left to undo may run again.
    if (isUnwinding(this.state)) return unwind(this);
    if (this.state.status !== 'running') return;
    beginSteps(this);
    this.answerFailures();
    if (this.state.status === 'running' && this.isComplete()) this.complete();
  }

  private answerFailures(): void {
    for (const step of this.compiled.plan.steps) {
      if (this.state.status !== 'running') break;
      if (this.isToBeAnswered(step)) this.onFailed(step);
    }
  }

  private takeEnd(input: StepEndInput): void {
    const { step, output } = input;
    if (!this.isNews(input)) return;
    const isTooLarge = this.state.size + stateSizeOf(output) > MOST_STATE_CHARACTERS;
    this.add(endedEntry(input), isTooLarge ? undefined : output);
    // What its output says cannot be kept, and so not be told to anybody again: the saga cannot go on.
    if (isTooLarge && this.state.status === 'running')
      this.giveUp(tooLarge(`the output of step ${step}`), step);
  }

  /** Of two ends of a step the higher stands. */
  private isNews(input: StepEndInput): boolean {
    const { step, run, end } = input;
    if (run !== stepRunOf(this.state, step) || !this.compiled.nodes.has(step)) return false;
    const { end: known, retriedFrom = 0 } = stepOf(this.state, step);
    if (isOldFailure(input, retriedFrom)) return false;
    return known === undefined || END_RANK[known] < END_RANK[end];
  }

  /** Counts only if, behind everything that had arrived before, the state still waits for it. */
  private takeTimer(id: string): void {
    const due = timersOf(this.compiled, this.state, this.clock.gapSince).find((timer) => timer.id === id);
    if (due === undefined || due.until > this.clock.now) return;
    switch (due.kind) {
      case 'saga': {
        const message = `the saga did not end within ${this.compiled.plan.timeoutMs} ms`;
        return this.giveUp(timeoutError(message, 'SAGA_TIMEOUT'));
      }
      case 'undo':
        return onUndoTimeout(this, due.item);
      case 'ask':
        return askEnd(this, due.step);
      case 'builtIn':
        return onBuiltInTimer(this, due.step, due.id);
      default:
        return this.onStepTimer(due);
    }
  }

  private onStepTimer({ kind, step }: StepTimer): void {
    if (!isUpstreamKnown(this.compiled, this.state, step)) return;
    if (kind === 'join') this.ask(step, stepOf(this.state, step.id).epoch, 'lostJoin');
    else this.onStepTimeout(step);
  }

  private onStepTimeout(step: PlanStep): void {
    const { epoch } = stepOf(this.state, step.id);
    if (epoch < step.retry.maxEpochs) return this.ask(step, epoch + 1, 'timeout');
    const error = timeoutError(
      `nobody answered for step ${step.id} (${step.action} at ${step.participant}) within ${step.timeoutMs} ms, asked ${epoch} times`,
      'STEP_TIMEOUT',
    );
    this.fail(step, error);
  }

  private ask(step: PlanStep, epoch: number, reason: 'timeout' | 'lostJoin'): void {
    this.add({ kind: 'stepAsked', step: step.id, epoch, reason });
  }

  /** Whoever goes on in a failed step's place is told all that came before it: an end that is on its way is waited for. */
  private isToBeAnswered(step: PlanStep): boolean {
    if (stepOf(this.state, step.id).end !== 'failed' || isSuperfluous(this.state, step)) return false;
    return !goesOnWithout(step) || isUpstreamKnown(this.compiled, this.state, step);
  }

  private onFailed(step: PlanStep): void {
    if (mustAsk(this.state, step)) askEnd(this, step);
    else this.onFailure(step);
  }

  private onFailure(step: PlanStep): void {
    const { failure } = step;
    const { error = UNTOLD } = stepOf(this.state, step.id);
    switch (failure.policy) {
      case 'continue':
        return this.end(step, 'continued', { output: failure.output, error, type: stepContinued.type });
      case 'fallback':
        if ('node' in failure) return this.askFallback(step, failure.node);
        return this.end(step, 'completed', { output: failure.output, error, type: step.emits });
      case 'suspend':
        return this.suspend(error, step.id);
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

  private giveUp(error: ErrorRecord, failedStep?: string): void {
    giveUp(this, { error, ...(failedStep === undefined ? {} : { failedStep }) });
  }

  private suspend(error: ErrorRecord, failedStep: string): void {
    const applied = appliedOf(this.compiled, this.state);
    this.add({ kind: 'stopped', status: 'suspended', error, applied, failedStep });
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
}

/** What people want of a saga, and of a sub-saga its parent. */
function takeWish(turn: TurnBuilder, input: CancelInput | MendInput | RerunInput | ParentAskInput): void {
  switch (input.kind) {
    case 'cancel':
      return cancel(turn, input);
    case 'mend':
      return mend(turn, input);
    case 'rerun':
      return rerun(turn, input);
    case 'parentAsk':
      return takeParentAsk(turn, input);
    default:
      return never(input);
  }
}

function isUnwinding({ status }: SagaState): boolean {
  return status === 'compensating' || status === 'compensation_failed';
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

/**
 * A failure from before a person had the step tried again, unless it is a refusal: that one took the step's key, perhaps by
 * a trigger that was on its way still, and is the answer to every epoch.
 */
function isOldFailure({ end, error, event }: StepEndInput, retriedFrom: number): boolean {
  return end === 'failed' && error?.kind !== 'business' && event.epoch <= retriedFrom;
}
