import type { Delivery } from '@aura/messaging';

/** What to consume, and with what. */
export interface ConsumerRequest {
  readonly queue: string;
  readonly prefetch: number;
  readonly handle: (deliveries: readonly Delivery[]) => void;
}
