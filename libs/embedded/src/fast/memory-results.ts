import type { JsonValue } from '@aura/contracts';
import type { Clock } from '@aura/kernel';
import type { ResultCache } from '@aura/messaging';
import { Expiring } from '../memory/expiring';

/** Results kept. */
const RESULTS = 2048;
/** Larger results, in characters of JSON, are not kept: 256 Ki. */
const LARGEST = 256 * 1024;

/** Results of pure actions in memory, as JSON text, so that nobody shares an object with the cache. */
export class MemoryResults implements ResultCache {
  readonly #results: Expiring<string>;

  constructor(clock: Clock) {
    this.#results = new Expiring(clock, RESULTS);
  }

  get(key: string): Promise<JsonValue | undefined> {
    const json = this.#results.get(key);
    return Promise.resolve(json === undefined ? undefined : (JSON.parse(json) as JsonValue));
  }

  set(key: string, value: JsonValue, ttlMs: number): Promise<void> {
    const json = JSON.stringify(value);
    if (json.length <= LARGEST) this.#results.set(key, json, ttlMs);
    return Promise.resolve();
  }
}
