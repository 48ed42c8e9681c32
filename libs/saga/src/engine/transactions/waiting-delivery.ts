import type { CloudEvent } from '@aura/contracts';
import type { Outcome } from '@aura/messaging';
import type { TransactionDelivery } from './transaction-delivery';

/** A delivery, and who waits for what becomes of it. */
export interface WaitingDelivery {
  readonly event: CloudEvent;
  readonly delivery: TransactionDelivery;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

type Told = Extract<TransactionDelivery, { readonly kind: 'named' }>;

/** What a delivery says to the transaction that it names. */
export function toldBy({ delivery }: WaitingDelivery): Told | undefined {
  return delivery.kind === 'named' ? delivery : undefined;
}

/** Whether deliveries name the same transaction, and the same plan. */
export function isAlike(left: WaitingDelivery, right: WaitingDelivery): boolean {
  const [one, other] = [toldBy(left), toldBy(right)];
  if (one === undefined || one.transaction !== other?.transaction) return false;
  return left.event.auraplan === right.event.auraplan;
}

/** Deliveries in their order, those together that follow each other and are alike. */
export function groupsOf(
  items: readonly WaitingDelivery[],
): readonly (readonly [WaitingDelivery, ...WaitingDelivery[]])[] {
  const groups: [WaitingDelivery, ...WaitingDelivery[]][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    if (group !== undefined && isAlike(group[0], item)) group.push(item);
    else groups.push([item]);
  }
  return groups;
}
