import { sagaCancelled, sagaCompensating, sagaCompensationFailed, sagaFailed } from '@aura/contracts';
import { eventKey, EVENTS_EXCHANGE } from '@aura/messaging';
import { isCommand } from './bindings';
import type { PlanBinding } from './bindings';
import type { Plan, PlanStep } from './plan';

/**
 * Types of the events that say that a run of a saga goes no further. One that is suspended may go on, and one that has
 * completed has no join left that waits.
 */
const STOP_EVENTS: readonly string[] = [
  sagaFailed.type,
  sagaCancelled.type,
  sagaCompensating.type,
  sagaCompensationFailed.type,
];

/** Whether an event says that a run of a saga goes no further. */
export function isStopEvent({ type }: { readonly type: string }): boolean {
  return STOP_EVENTS.includes(type);
}

/** The steps of a participant that wait for several others. */
export function joinedSteps(plan: Plan, participant: string): readonly PlanStep[] {
  return plan.steps.filter(
    (step) => isCommand(step) && step.participant === participant && step.dependencies.length > 1,
  );
}

/** What a participant's queue is bound to so that it hears when its joins wait in vain; nothing when it has none. */
export function stopBindings(plan: Plan, participant: string): readonly PlanBinding[] {
  if (joinedSteps(plan, participant).length === 0) return [];
  return STOP_EVENTS.map((type) => ({ exchange: EVENTS_EXCHANGE, key: eventKey(type, plan.definition) }));
}
