import type { ClaimCheck, Journal, LeaseStore, Log, Meter, ViewStores, World } from '@aura/kernel';
import type { EventBus, FastStores } from '@aura/messaging';

/** What a coordinator runs on. */
export interface CoordinatorPorts {
  readonly bus: EventBus;
  readonly journal: Journal;
  readonly views: ViewStores;
  readonly leases: LeaseStore;
  readonly fast: FastStores;
  /** Payloads that travel by reference; shared with the participants. */
  readonly claims: ClaimCheck;
  readonly world: World;
  readonly log: Log;
  /** Default: nobody counts. */
  readonly meter?: Meter;
}

/** Settings of a coordinator's instance. Times in milliseconds. */
export interface CoordinatorOptions {
  /** Name of this instance, unique among all that live. */
  readonly instance: string;
  /** Tracker partitions for new sagas; default 16. Existing sagas keep theirs. */
  readonly partitions: number;
  /** Open sagas beyond which starts are refused; default 50000. */
  readonly mostOpenSagas: number;
  /** Deliveries waiting in one tracker queue beyond which starts are refused; default 20000. */
  readonly mostTrackerLag: number;
  /** Most deliveries in hand per partition; default 300. */
  readonly prefetch: number;
  /** How long a partition's lease lasts without renewal; default 9000. */
  readonly leaseMs: number;
  /** How often leases are renewed and partitions shared out; default 2000. */
  readonly tickMs: number;
  /** How late a view may be; default 900. */
  readonly flushMs: number;
  /** How often due timers are looked for; default 250. */
  readonly timerMs: number;
  /** How often definitions are looked after (deadlines, what was not told, retired ones); default 1000. */
  readonly definitionsMs: number;
  /** How often a page of journals is looked through for sagas whose view is gone; default 60000. */
  readonly patrolMs: number;
  /** How often what is past its time is looked for; default 30000. */
  readonly reconcileMs: number;
  /** How long a published definition waits for its participants before it expires; default 900000 (15 minutes). */
  readonly publishDeadlineMs: number;
  /** How long a retired definition stays bound at least: starts that were under way have views by then; default 30000. */
  readonly releaseAfterMs: number;
}

export const COORDINATOR_DEFAULTS: Omit<CoordinatorOptions, 'instance'> = {
  partitions: 16,
  mostOpenSagas: 50_000,
  mostTrackerLag: 20_000,
  prefetch: 300,
  leaseMs: 9000,
  tickMs: 2000,
  flushMs: 900,
  timerMs: 250,
  definitionsMs: 1000,
  patrolMs: 60_000,
  reconcileMs: 30_000,
  publishDeadlineMs: 15 * 60_000,
  releaseAfterMs: 30_000,
};
