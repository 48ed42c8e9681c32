import type { ClaimCheck } from '@aura/kernel';
import { isClaimed, withData } from '../payload/claimed-event';
import type { DeliveryContext, Middleware } from './middleware';

/**
 * Gives the handler the data of an event that travelled by reference. Stands innermost: what waits, is retried or
 * buried travels by reference still. A payload that is missing or damaged climbs the ladder and ends as a dead letter.
 */
export function payload(claims: ClaimCheck): Middleware {
  return (context, next) =>
    isClaimed(context.event) ? contextWithData(context, claims).then(next) : next(context);
}

async function contextWithData(context: DeliveryContext, claims: ClaimCheck): Promise<DeliveryContext> {
  return { ...context, event: await withData(context.event, claims) };
}
