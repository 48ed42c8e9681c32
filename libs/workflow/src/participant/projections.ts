import type { ClaimCheck } from '@aura/kernel';
import {
  deliverySpan,
  DONE,
  failSpan,
  isClaimed,
  isSampled,
  outcomeOfThrown,
  together,
  withData,
} from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { Subscription } from './action';

/**
 * Hands an event to the subscriptions of its type. Each is a reaction of its own beside the steps: one that fails is
 * retried alone, and holds up neither the steps nor the others.
 */
export async function project(
  subscriptions: readonly Subscription[],
  context: DeliveryContext,
  claims: ClaimCheck,
): Promise<Outcome> {
  const { event, delivery } = context;
  const { targets } = delivery.headers;
  const meant = subscriptions
    .map((subscription, n) => ({ subscription, target: `subscription-${n}:${subscription.on}` }))
    .filter(
      ({ subscription, target }) => subscription.on === event.type && (targets?.includes(target) ?? true),
    );
  return together(
    await Promise.all(
      meant.map(({ subscription, target }) => handled(subscription, target, context, claims)),
    ),
  );
}

async function handled(
  subscription: Subscription,
  target: string,
  context: DeliveryContext,
  claims: ClaimCheck,
): Promise<Outcome> {
  const { event } = context;
  const span = isSampled(event.traceparent) ? deliverySpan(context) : undefined;
  try {
    await subscription.handle(isClaimed(event) ? await withData(event, claims) : event);
    return DONE;
  } catch (error) {
    if (span !== undefined) failSpan(span, error);
    return outcomeOfThrown(error, [target]);
  } finally {
    span?.end();
  }
}
