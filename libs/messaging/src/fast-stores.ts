import type { JsonValue } from '@aura/contracts';

/**
 * Memory of what was done. Fast and may be lost: losing it costs work, never an event, never a second effect.
 * Asked before the work, marked after the commit.
 */
export interface Inbox {
  /** Which of the keys are marked. */
  seen(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Marks keys for `ttlMs` milliseconds. */
  mark(keys: readonly string[], ttlMs: number): Promise<void>;
}

/** One arrival at a join: how the dependency ended and what it brought. */
export interface JoinArrival {
  readonly dependency: string;
  /** JSON text. */
  readonly value: string;
}

/**
 * Sets of arrivals at joins. An arrival adds itself and gets the whole set back, in one atomic step, so that the
 * last arrival, and every redelivery behind it, sees the full set. An arrival that repeats a dependency does not
 * replace the first one's value.
 */
export interface JoinSets {
  /** Adds an arrival; answers all arrivals so far, by dependency. The set lives `ttlMs` from its last arrival. */
  arrive(join: string, arrival: JoinArrival, ttlMs: number): Promise<ReadonlyMap<string, string>>;
  /** Forgets sets. */
  drop(joins: readonly string[]): Promise<void>;
}

/** Results of pure actions by key; may be lost at any time. */
export interface ResultCache {
  get(key: string): Promise<JsonValue | undefined>;
  set(key: string, value: JsonValue, ttlMs: number): Promise<void>;
}

/** Small facts with a time to live: who is there, who is paused. Fast and may be lost; owners repeat them. */
export interface Registry {
  put(key: string, value: JsonValue, ttlMs: number): Promise<void>;
  remove(key: string): Promise<void>;
  /** All facts whose key begins with `prefix` and that have not run out. */
  list(prefix: string): Promise<ReadonlyMap<string, JsonValue>>;
}

/** Token buckets; may be lost. */
export interface RateLimits {
  /** Takes one token of a bucket of `capacity` that refills by `perSecond`; false when it is empty. */
  take(
    bucket: string,
    limit: { readonly capacity: number; readonly perSecond: number; readonly now: number },
  ): Promise<boolean>;
}

/** Everything fast that may be lost, of one participant or coordinator. */
export interface FastStores {
  readonly inbox: Inbox;
  readonly joins: JoinSets;
  readonly results: ResultCache;
  readonly registry: Registry;
  readonly rateLimits: RateLimits;
}
