import type { Clock } from '@aura/kernel';
import { LRUCache } from 'lru-cache';

interface Timed<V> {
  readonly value: V;
  readonly until: number;
}

/** A bounded memory whose entries run out. Times are of the monotonic clock: a jump of the wall clock ends nothing. */
export class Expiring<V> {
  readonly #entries: LRUCache<string, Timed<V>>;

  constructor(
    private readonly clock: Clock,
    bound: number,
  ) {
    this.#entries = new LRUCache({ max: bound });
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.clock.monotonic()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, ttlMs: number): void {
    this.#entries.set(key, { value, until: this.clock.monotonic() + ttlMs });
  }
}
