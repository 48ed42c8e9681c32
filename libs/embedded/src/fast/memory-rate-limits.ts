import type { RateLimits } from '@aura/messaging';
import { LRUCache } from 'lru-cache';

interface Bucket {
  readonly tokens: number;
  /** Wall clock of the newest take, ms since 1970. */
  readonly at: number;
}

/** Buckets kept; a forgotten one is full again. */
const BUCKETS = 8192;

/** Token buckets in memory. A clock that goes back neither fills nor empties them. */
export class MemoryRateLimits implements RateLimits {
  readonly #buckets = new LRUCache<string, Bucket>({ max: BUCKETS });

  take(
    bucket: string,
    limit: { readonly capacity: number; readonly perSecond: number; readonly now: number },
  ): Promise<boolean> {
    const { capacity, perSecond, now } = limit;
    const before = this.#buckets.get(bucket) ?? { tokens: capacity, at: now };
    const at = Math.max(now, before.at);
    const tokens = Math.min(capacity, before.tokens + ((at - before.at) / 1000) * perSecond);
    const taken = tokens >= 1;
    this.#buckets.set(bucket, { tokens: taken ? tokens - 1 : tokens, at });
    return Promise.resolve(taken);
  }
}
