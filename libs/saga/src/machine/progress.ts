import type { JsonValue } from '@aura/contracts';
import { judgeJoin } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { stepOf } from './state';
import type { SagaState, StepEnd } from './state';

/** Whether a node counts for the saga's end: fallback nodes do so through the step they stand for. */
export function isOwnStep(step: PlanStep): boolean {
  return step.standsFor === undefined;
}

/** Whether a step has ended in a way that lets the saga go on. */
export function isDone(end: StepEnd | undefined): boolean {
  return end !== undefined && end !== 'failed';
}

/** Whether a step's trigger is out: its dependencies have ended as its join wants, or it was asked for. */
export function isTriggered(state: SagaState, step: PlanStep): boolean {
  if (step.standsFor !== undefined) return stepOf(state, step.id).requestedAt !== undefined;
  const arrivals = new Map<string, { readonly status: 'completed' | 'skipped' | 'continued' }>();
  for (const dependency of step.dependencies) {
    const { end } = stepOf(state, dependency);
    if (end !== undefined && end !== 'failed') arrivals.set(dependency, { status: end });
  }
  return step.dependencies.length === 0 || judgeJoin(step, arrivals) !== 'wait';
}

/** Steps whose trigger is out and whose end is not known. An end that somebody downstream has seen is implied. */
export function awaited(compiled: CompiledPlan, state: SagaState): readonly PlanStep[] {
  return compiled.plan.steps.filter((step) => {
    if (stepOf(state, step.id).end !== undefined) return false;
    if (step.dependents.some((id) => isDone(stepOf(state, id).end))) return false;
    return isTriggered(state, step);
  });
}

/** When a step's trigger went out, as far as the coordinator saw it, ms since 1970. */
export function triggeredAt(state: SagaState, step: PlanStep): number {
  const own = stepOf(state, step.id);
  if (own.epochAt !== undefined) return own.epochAt;
  if (own.requestedAt !== undefined) return own.requestedAt;
  const seen = step.dependencies.flatMap((id) => stepOf(state, id).seenAt ?? []);
  if (seen.length === 0) return state.startedAt;
  return step.join === 'any' ? Math.min(...seen) : Math.max(...seen);
}

/** Outputs by step, for mappings and conditions. */
export function outputsOf(compiled: CompiledPlan, state: SagaState): Readonly<Record<string, JsonValue>> {
  const outputs: Record<string, JsonValue> = {};
  for (const { id } of compiled.plan.steps) {
    const { end, output } = stepOf(state, id);
    if (output !== undefined && (end === 'completed' || end === 'continued')) outputs[id] = output;
  }
  return outputs;
}
