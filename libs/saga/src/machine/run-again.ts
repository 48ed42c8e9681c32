import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { appliedOf } from './applied';
import { isDone, isOwnStep } from './progress';
import { stepOf, undoItems } from './state';
import type { SagaState, UndoItem } from './state';

/** Where steps that are run again stand. */
export interface RunAgain {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
  /** Steps that keep their run, and do not bring those behind them along; default none. */
  readonly isKept?: (step: PlanStep) => boolean;
}

/**
 * Steps and all behind them, in the order of the plan; besides what cannot be carried over, and all behind that: steps that
 * failed, those that were undone or refused when the saga was given up, and joins that wait, for join sets do not mix runs.
 */
export function runAgain({ compiled, state, isKept }: RunAgain, from: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const open = [...from, ...compiled.plan.steps.filter((step) => isLost(state, step)).map(originOf)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = compiled.nodes.get(id);
    if (step === undefined || found.has(id) || isKept?.(step) === true) continue;
    found.add(id);
    open.push(...step.dependents);
  }
  return compiled.plan.steps.filter((step) => found.has(originOf(step))).map(({ id }) => id);
}

/**
 * What of the steps that run again stands or may stand in the run that they had: also what is triggered there once more by a step
 * beside them that keeps its run and has not ended. It is fenced before the new run begins, or it would take effect in both.
 */
export function standingAgain(
  { compiled, state }: Pick<RunAgain, 'compiled' | 'state'>,
  again: readonly string[],
): readonly string[] {
  return appliedOf(compiled, state, ({ id }) => !again.includes(id)).filter((id) => again.includes(id));
}

function isLost(state: SagaState, step: PlanStep): boolean {
  const { end } = stepOf(state, step.id);
  if (wasTakenBack(undoItems(state), step)) return true;
  if (end === 'failed') return !isDone(stepOf(state, originOf(step)).end);
  return end === undefined && isOwnStep(step) && step.dependencies.length > 1;
}

function wasTakenBack(items: readonly UndoItem[], { id }: PlanStep): boolean {
  return items.some(({ step, answer }) => step === id && answer !== 'skipped');
}

function originOf({ id, standsFor }: PlanStep): string {
  return standsFor ?? id;
}
