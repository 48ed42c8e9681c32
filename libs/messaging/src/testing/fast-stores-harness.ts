import type { Harness } from '@aura/kernel/testing';
import type { FastStores } from '../fast-stores';

/** Opened fast stores under test. Namespaces are apart from each other and empty at first. */
export interface FastStoresHarness extends Harness {
  /** The stores of a namespace; after `reopen` they are asked for again. */
  stores(namespace: string): Promise<FastStores>;
  /** Lets `ms` milliseconds pass for the stores: waits, or moves their clock. */
  elapse(ms: number): Promise<void>;
}

/** Long enough that nothing runs out during a test: 10 minutes. */
export const LONG_MS = 600_000;
