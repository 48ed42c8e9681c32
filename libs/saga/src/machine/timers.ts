import { isCommand, undoPolicyOf } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { openStep } from './built-in/begun';
import { kindOf } from './built-in/kinds';
import { committedStep } from './committed';
import { NO_GAP } from './gap-since';
import type { GapSince } from './gap-since';
import { askedAgainAfter, waitedFor } from './ladder';
import { lostSince } from './lost-time';
import { awaited, nodeOf, triggeredAt, unheard } from './progress';
import { stepOf, undoItems } from './state';
import type { SagaState, UndoItem } from './state';

/** `saga`, `step/<id>/<epoch>`, `join/<id>/<epoch>/<n>`, `ask/<id>/<epoch>`, `undo/<id>/<run>/<epoch>`, or as a built-in kind names it. */
interface TimerBase {
  readonly id: string;
  /** ms since 1970. */
  readonly until: number;
}

/** `step`: nobody answers; `join`: a join was lost, or the word of an end that somebody behind it has seen. */
export interface StepTimer extends TimerBase {
  readonly kind: 'step' | 'join';
  readonly step: PlanStep;
}

/** A timer of a saga, derived from its fold. */
export type SagaTimer =
  | (TimerBase & { readonly kind: 'saga' })
  | StepTimer
  /** A step that lives in the coordinator has something to do. */
  | (TimerBase & { readonly kind: 'builtIn'; readonly step: PlanStep })
  /** Nobody says how a step ended that the saga would go on without. */
  | (TimerBase & { readonly kind: 'ask'; readonly step: PlanStep })
  /** Nobody answers an undo. */
  | (TimerBase & { readonly kind: 'undo'; readonly step: PlanStep; readonly item: UndoItem });

/** How long a joined step may stay untouched after its last dependency, ms; doubles with each re-emission. */
export const JOIN_LAG_MS = 2000;
/** Re-emissions of a lost join before only the step's own timeout is left. */
const MOST_REEMISSIONS = 6;

/** Everything that a saga waits for, with its time; none for one that has ended, or waits for a person alone. */
export function timersOf(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly SagaTimer[] {
  switch (state.status) {
    case 'running':
      return runningTimers(compiled, state, gapSince);
    case 'compensating':
    case 'compensation_failed':
      return undoTimers(compiled, state, gapSince);
    default:
      return [];
  }
}

/** A saga whose pivot is applied can only complete, however long that takes. */
function runningTimers(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly SagaTimer[] {
  const steps = awaited(compiled, state).flatMap((step) =>
    isCommand(step) ? stepTimers(state, step, gapSince) : builtInTimers(state, step, gapSince),
  );
  const unheardOf = unheard(compiled, state).map((step) => unheardTimer(state, step, gapSince));
  const timers = [...steps, ...unheardOf, ...askTimers(compiled, state, gapSince)];
  if (committedStep({ compiled, state }) !== undefined && timers.length > 0) return timers;
  const since = state.limitFrom ?? state.startedAt;
  const until = since + compiled.plan.timeoutMs + longestGap(compiled, since, gapSince);
  return [...timers, { kind: 'saga', id: 'saga', until }];
}

function askTimers(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly SagaTimer[] {
  return compiled.plan.steps.flatMap((step): readonly SagaTimer[] => {
    const { end, asking } = stepOf(state, step.id);
    const { askedAt } = asking ?? {};
    if (end !== 'failed' || asking === undefined || askedAt === undefined || asking.answer !== undefined)
      return [];
    const id = `ask/${step.id}/${asking.epoch}`;
    return [{ kind: 'ask', step, id, until: endUntil(step, { ...asking, askedAt }, gapSince) }];
  });
}

function undoTimers(compiled: CompiledPlan, state: SagaState, gapSince: GapSince): readonly SagaTimer[] {
  return undoItems(state).flatMap((item): readonly SagaTimer[] => {
    if (item.askedAt === undefined || item.answer !== undefined) return [];
    const step = nodeOf(compiled, item.step);
    const id = `undo/${item.step}/${item.run}/${item.epoch}`;
    return [{ kind: 'undo', step, item, id, until: undoUntil(step, item.askedAt, gapSince) }];
  });
}

/** Until when an answer to an undo is waited for, ms since 1970. */
function undoUntil(step: PlanStep, askedAt: number, gapSince: GapSince): number {
  return askedAt + lostSince(step, askedAt, gapSince) + answerLimitOf(step);
}

/**
 * Until when an answer to the question how a step ended is waited for, ms since 1970. What is asked until it is answered, for
 * somebody has seen its end, is asked ever more rarely.
 */
export function endUntil(
  step: PlanStep,
  { askedAt, tries }: { readonly askedAt: number; readonly tries: number },
  gapSince: GapSince,
): number {
  const again = step.kind === 'stateful' ? 0 : Math.max(0, tries - 1);
  return askedAt + lostSince(step, askedAt, gapSince) + waitedFor(answerLimitOf(step), again);
}

/** How long an answer is waited for, ms; what has no effect is not worth more than the step itself. */
export function answerLimitOf(step: PlanStep): number {
  const { timeoutMs } = undoPolicyOf(step);
  return step.kind === 'stateful' ? timeoutMs : Math.min(timeoutMs, step.timeoutMs);
}

/** What the saga lost: at least as much as the one of its participants that was away longest. */
function longestGap(compiled: CompiledPlan, since: number, gapSince: GapSince): number {
  if (gapSince === NO_GAP) return 0;
  return Math.max(...compiled.plan.steps.map((step) => lostSince(step, since, gapSince)));
}

/** A step whose triggers are not all known yet has none. */
function builtInTimers(state: SagaState, step: PlanStep, gapSince: GapSince): readonly SagaTimer[] {
  const own = stepOf(state, step.id);
  const begun = openStep(own);
  if (begun === undefined || step.builtIn === undefined) return [];
  const timers = kindOf(step.builtIn).timers(step, begun, gapSince, own.reemissions);
  return timers.map((timer) => ({ kind: 'builtIn', step, ...timer }));
}

function stepTimers(state: SagaState, step: PlanStep, gapSince: GapSince): readonly SagaTimer[] {
  const since = triggeredAt(state, step);
  const { epoch, reemissions } = stepOf(state, step.id);
  const shift = since + gapSince(since, step.participant);
  const timeout: SagaTimer = {
    kind: 'step',
    step,
    id: `step/${step.id}/${epoch}`,
    until: shift + step.timeoutMs,
  };
  if (step.dependencies.length < 2 || reemissions >= MOST_REEMISSIONS) return [timeout];
  return [timeout, lagTimer(state, step, shift)];
}

/** An end that is only late comes within the lag; the timer begins when somebody behind it is heard. */
function unheardTimer(state: SagaState, step: PlanStep, gapSince: GapSince): StepTimer {
  const behind = step.dependents.flatMap((id) => stepOf(state, id).seenAt ?? []);
  const since = Math.max(triggeredAt(state, step), Math.min(...behind));
  return lagTimer(state, step, since + gapSince(since, step.participant));
}

function lagTimer(state: SagaState, step: PlanStep, from: number): StepTimer {
  const { epoch, reemissions } = stepOf(state, step.id);
  const until = from + askedAgainAfter(JOIN_LAG_MS, reemissions);
  return { kind: 'join', step, id: `join/${step.id}/${epoch}/${reemissions}`, until };
}

/** The earliest timer. */
export function nextTimer(timers: readonly SagaTimer[]): SagaTimer | undefined {
  return timers.reduce<SagaTimer | undefined>(
    (first, timer) => (first === undefined || timer.until < first.until ? timer : first),
    undefined,
  );
}
