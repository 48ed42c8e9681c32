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
  if (wasHere(context) || step.dependencies.length > 1) return false;
  const { heldSince, targets } = context.delivery.headers;
  return epoch === 1 && heldSince === undefined && targets === undefined;
}

function wasHere({ attempt, delivery, event }: DeliveryContext): boolean {
  return attempt > 1 || delivery.redelivered || delivery.returns > 0 || event.aurareplay !== undefined;
}
