import {
  sagaStarted,
  stepContinued,
  stepFailed,
  stepFallbackRequested,
  stepNothingToUndo,
  stepSkipped,
  stepUndoFailed,
  stepUndone,
} from '@aura/contracts';
import { eventKey, EVENTS_EXCHANGE, STEPS_EXCHANGE } from '@aura/messaging';
import type { Plan, PlanStep } from './plan';

const UNDO_ANSWERS = [stepUndone.type, stepNothingToUndo.type, stepUndoFailed.type] as const;

/** What a queue is bound to. */
export interface PlanBinding {
  readonly exchange: typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;
  readonly key: string;
}

/** The steps that `saga.started` triggers. */
export function rootsOf(plan: Plan): readonly PlanStep[] {
  return plan.steps.filter(
    ({ standsFor, dependencies }) => standsFor === undefined && dependencies.length === 0,
  );
}

/** Whether a participant performs a step; the others live in the coordinator. */
export function isCommand({ builtIn }: Pick<PlanStep, 'builtIn'>): boolean {
  return builtIn === undefined;
}

/** The names of all participants of a plan, sorted, those of branches too; the coordinator, where built-in steps live, is none of them. */
export function participantsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.steps.flatMap(performersOf))].sort();
}

function performersOf({ builtIn, participant }: PlanStep): readonly string[] {
  if (builtIn === undefined) return [participant];
  return builtIn.type === 'transaction' ? builtIn.branches.map((branch) => branch.participant) : [];
}

/** The types of all events that can end a step in a way that later steps must hear of. */
function endTypes(plan: Plan, step: PlanStep): readonly string[] {
  const fallback = plan.steps.find(({ standsFor }) => standsFor === step.id);
  return [
    step.emits,
    ...(fallback === undefined ? [] : [fallback.emits]),
    ...(step.skippable ? [stepSkipped.type] : []),
    ...(step.failure.policy === 'continue' ? [stepContinued.type] : []),
  ];
}

function triggersOf(plan: Plan, step: PlanStep): readonly PlanBinding[] {
  const key = (type: string) => eventKey(type, plan.definition);
  if (step.standsFor !== undefined) {
    return [{ exchange: STEPS_EXCHANGE, key: key(stepFallbackRequested.type) }];
  }
  if (step.dependencies.length === 0) return [{ exchange: EVENTS_EXCHANGE, key: key(sagaStarted.type) }];
  return plan.steps
    .filter(({ id }) => step.dependencies.includes(id))
    .flatMap((dependency) => endTypes(plan, dependency))
    .map((type) => ({ exchange: STEPS_EXCHANGE, key: key(type) }));
}

/** Of two different texts. */
function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}

/** What a participant's queue must be bound to for a plan: by exact keys, each once, sorted by exchange and key. */
export function planBindings(plan: Plan, participant: string): readonly PlanBinding[] {
  const all = plan.steps
    .filter((step) => isCommand(step) && step.participant === participant)
    .flatMap((step) => triggersOf(plan, step));
  const distinct = new Map(all.map((binding) => [`${binding.exchange} ${binding.key}`, binding]));
  return [...distinct].sort(([left], [right]) => byText(left, right)).map(([, binding]) => binding);
}

/**
 * The keys of step events that the public face shows, sorted: the steps' own events, and the shared ones that can
 * occur (skipped, continued, failed, fallback requested, answers to an undo). Internal steps add none; a key that an internal step shares
 * with another one is shown for both.
 */
export function planKeys(plan: Plan): readonly string[] {
  const types = plan.steps
    .filter(({ internal }) => !internal)
    .flatMap((step) => [
      ...endTypes(plan, step),
      stepFailed.type,
      ...(step.standsFor === undefined ? [] : [stepFallbackRequested.type]),
      ...(step.kind === 'stateful' && isCommand(step) ? UNDO_ANSWERS : []),
    ]);
  return [...new Set(types)].map((type) => eventKey(type, plan.definition)).sort(byText);
}
