import type { PlanStep, SagaStep } from '@aura/workflow';

const NONE: SagaStep = {
  type: 'saga',
  workflow: '',
  version: '',
  digest: '',
  below: [],
  participants: [],
  levels: 1,
};

/** What the plan says of a step that is known to be of type saga. */
export function sagaStepOf({ builtIn }: PlanStep): SagaStep {
  return builtIn?.type === 'saga' ? builtIn : NONE;
}
