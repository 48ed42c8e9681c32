import { COORDINATOR_SOURCE } from '@aura/messaging';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { stepOf } from './state';
import type { SagaState } from './state';

/** A pivot that is applied: from then on the saga can only complete. Undefined when none is, as far as is known. */
export function committedStep({
  compiled,
  state,
}: {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
}): string | undefined {
  return compiled.plan.steps.find((step) => isCommitted(state, step))?.id;
}

/** Whether a step is stateful, has no undo, and completed by itself. */
export function isCommitted(state: SagaState, step: PlanStep): boolean {
  if (step.kind !== 'stateful' || step.undo !== undefined) return false;
  const { end, endedBy, event } = stepOf(state, step.id);
  return end === 'completed' && endedBy === undefined && event?.source !== COORDINATOR_SOURCE;
}
