import type { PlanStep, SagaStep } from '@aura/workflow';

/** What the plan says of a step of type saga. Errors: `TypeError` for any other step. */
export function sagaStepOf({ id, builtIn }: PlanStep): SagaStep {
  if (builtIn?.type !== 'saga') throw new TypeError(`step ${id} is performed by no sub-saga`);
  return builtIn;
}
