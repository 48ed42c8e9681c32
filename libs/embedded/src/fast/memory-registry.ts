import type { JsonValue } from '@aura/contracts';
import type { Clock } from '@aura/kernel';
import type { Registry } from '@aura/messaging';

interface Fact {
  readonly json: string;
  /** Of the monotonic clock. */
  readonly until: number;
}

/** Small facts in memory; their owners repeat them, so a restart finds them again. */
export class MemoryRegistry implements Registry {
  readonly #facts = new Map<string, Fact>();

  constructor(private readonly clock: Clock) {}

  put(key: string, value: JsonValue, ttlMs: number): Promise<void> {
    this.#facts.set(key, { json: JSON.stringify(value), until: this.clock.monotonic() + ttlMs });
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#facts.delete(key);
    return Promise.resolve();
  }

  list(prefix: string): Promise<ReadonlyMap<string, JsonValue>> {
    const now = this.clock.monotonic();
    const found = new Map<string, JsonValue>();
    for (const [key, { json, until }] of this.#facts) {
      if (until <= now) this.#facts.delete(key);
      else if (key.startsWith(prefix)) found.set(key, JSON.parse(json) as JsonValue);
    }
    return Promise.resolve(found);
  }
}
