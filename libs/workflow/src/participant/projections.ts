import type { CloudEvent } from '@aura/contracts';
import { DONE, outcomeOfThrown, together } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { Subscription } from './action';

/**
 * Hands an event to the subscriptions of its type. Each is a reaction of its own beside the steps: one that fails is
 * retried alone, and holds up neither the steps nor the others.
 */
export async function project(
  subscriptions: readonly Subscription[],
  { event, delivery }: DeliveryContext,
): Promise<Outcome> {
  const { targets } = delivery.headers;
  const meant = subscriptions
    .map((subscription, n) => ({ subscription, target: `subscription-${n}:${subscription.on}` }))
    .filter(
      ({ subscription, target }) => subscription.on === event.type && (targets?.includes(target) ?? true),
    );
  return together(
    await Promise.all(meant.map(({ subscription, target }) => handled(subscription, event, target))),
  );
}

async function handled(subscription: Subscription, event: CloudEvent, target: string): Promise<Outcome> {
  try {
    await subscription.handle(event);
    return DONE;
  } catch (error) {
    return outcomeOfThrown(error, [target]);
  }
}
