import type { ClaimCheck, Journal, LeaseStore, ViewStores } from '@aura/kernel';
import type { EventBus, FastStores } from '@aura/messaging';

/** A client of a bus that can be lost as the death of its process would lose it. */
export interface LosableBus extends EventBus {
  /** Nothing is settled, nothing said: what it had in hand comes back and is counted. */
  crash(): Promise<void>;
}

/** What a host shares with its guests: a bus, and stores by namespace (a participant). `openEmbedded` gives one. */
export interface Served {
  /** Another client of the bus; a guest has one for itself. */
  connect(): LosableBus;
  journal(namespace: string): Journal;
  views(namespace: string): ViewStores;
  fast(namespace: string): FastStores;
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
}
