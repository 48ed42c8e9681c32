import type { DeliveryContext } from '@aura/messaging';
import type { StepTask } from './step-task';

/**
 * Whether the trigger of a step comes for the first time, as far as anything says: nobody delivered it before or asked for
 * it again, and the step has no other one.
 */
export function comesFirst(
  context: DeliveryContext,
  { step, epoch }: Pick<StepTask, 'step' | 'epoch'>,
): boolean {
  return epoch === 1 && step.dependencies.length <= 1 && isFirstDelivery(context);
}

/** Whether nobody delivered an event before, or brought it again, as far as anything says. */
export function isFirstDelivery({ attempt, delivery, event }: DeliveryContext): boolean {
  if (attempt > 1 || delivery.redelivered || delivery.returns > 0 || event.aurareplay !== undefined)
    return false;
  const { heldSince, targets } = delivery.headers;
  return heldSince === undefined && targets === undefined;
}
