import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import type { Span } from '@opentelemetry/api';
import type { Standing } from '../barrier/passage';
import type { Plan, PlanStep } from '../plan/plan';
import type { Scope } from './scope';

/** A step of a saga, and what asked for it. */
export interface PlacedStep {
  readonly plan: Plan;
  readonly step: PlanStep;
  readonly key: StepKey;
  readonly epoch: number;
  /** Delivery of this epoch, from 1. */
  readonly attempt: number;
  /** The event that set it off. */
  readonly trigger: CloudEvent;
  /** What is done for it, where its trace is recorded. */
  readonly span?: Span;
}

/** One step that is to be done now, with everything it needs. */
export interface StepTask extends PlacedStep {
  readonly scope: Scope;
  /** What stood of the step when it was taken in hand. */
  readonly standing: Standing;
}

/** Key of the operation: the same in every delivery, epoch and process. */
export function operationOf(task: Pick<StepTask, 'key'>): string {
  return stepStream(task.key);
}
