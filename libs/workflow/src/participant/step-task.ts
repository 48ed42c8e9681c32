import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import type { Standing } from '../barrier/barrier';
import type { Plan, PlanStep } from '../plan/plan';
import type { Scope } from './scope';

/** One step that is to be done now, with everything it needs. */
export interface StepTask {
  readonly plan: Plan;
  readonly step: PlanStep;
  readonly key: StepKey;
  readonly epoch: number;
  /** Delivery of this epoch, from 1. */
  readonly attempt: number;
  /** The event that set it off. */
  readonly trigger: CloudEvent;
  readonly scope: Scope;
  /** What stood of the step when it was taken in hand. */
  readonly standing: Standing;
}

/** Key of the operation: the same in every delivery, epoch and process. */
export function operationOf(task: Pick<StepTask, 'key'>): string {
  return stepStream(task.key);
}
