import type { ClaimCheck, Journal, LeaseStore, Log, Meter, ViewStores, World } from '@aura/kernel';
import type { EventBus, FastStores } from '@aura/messaging';
import type { Dependency } from '../health/dependency';

/** The stores of one participant, or of the coordinator: its own, nobody else writes them. */
export interface OwnStores {
  readonly journal: Journal;
  readonly views: ViewStores;
  readonly fast: FastStores;
}

/** What a process takes in hand, and how long it may take to let go; absent: what the parts have by default. */
export interface WorkLimits {
  /** Most deliveries in hand. */
  readonly prefetch?: number;
  /** Time for what is in hand when the process stops, ms. */
  readonly graceMs?: number;
}

/** What a process gives to the services in it: one bus, shared payloads, and stores for each. */
export interface AuraRuntime {
  readonly mode: 'embedded' | 'servers';
  /** Name of this process among all that live. */
  readonly instance: string;
  readonly bus: EventBus;
  readonly leases: LeaseStore;
  readonly claims: ClaimCheck;
  readonly world: World;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits?: WorkLimits;
  /** What the services of this process cannot work without, e.g. each server. */
  dependencies(): readonly Dependency[];
  /** Opens the stores of a service. */
  stores(service: string): Promise<OwnStores>;
  /** Closes everything that was opened; the services must have stopped. */
  close(): Promise<void>;
}

/** Nest token of the {@link AuraRuntime}. */
export const AURA_RUNTIME = Symbol('AuraRuntime');
