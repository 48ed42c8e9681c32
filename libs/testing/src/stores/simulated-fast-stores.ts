import type { JsonValue } from '@aura/contracts';
import type { FastStores, JoinArrival } from '@aura/messaging';
import type { SimulatedProcess } from '../process/simulated-process';
import type { Timeline } from '../time/timeline';
import { isIn } from './journal-table';
import { TokenBuckets } from './token-buckets';

interface Fact {
  readonly json: string;
  readonly until: number;
}

interface JoinSet {
  readonly arrivals: Map<string, string>;
  until: number;
}

/** Everything fast of one namespace. It may be lost at any time, and {@link flush} loses it. */
export class FastTables {
  #marks = new Map<string, number>();
  #joins = new Map<string, JoinSet>();
  #results = new Map<string, Fact>();
  #registry = new Map<string, Fact>();
  #buckets = new TokenBuckets();

  constructor(private readonly timeline: Timeline) {}

  /** Loses everything. */
  flush(): void {
    this.#marks = new Map();
    this.#joins = new Map();
    this.#results = new Map();
    this.#registry = new Map();
    this.#buckets = new TokenBuckets();
  }

  seen(keys: readonly string[]): ReadonlySet<string> {
    return new Set(keys.filter((key) => (this.#marks.get(key) ?? 0) > this.timeline.elapsed));
  }

  mark(keys: readonly string[], ttlMs: number): void {
    for (const key of keys) this.#marks.set(key, this.timeline.elapsed + ttlMs);
  }

  arrive(join: string, { dependency, value }: JoinArrival, ttlMs: number): ReadonlyMap<string, string> {
    const now = this.timeline.elapsed;
    const kept = this.#joins.get(join);
    const set: JoinSet = kept === undefined || kept.until <= now ? { arrivals: new Map(), until: 0 } : kept;
    if (!set.arrivals.has(dependency)) set.arrivals.set(dependency, value);
    set.until = Math.max(set.until, now + ttlMs);
    this.#joins.set(join, set);
    return new Map(set.arrivals);
  }

  drop(joins: readonly string[]): void {
    for (const join of joins) this.#joins.delete(join);
  }

  result(key: string): JsonValue | undefined {
    return this.#living(this.#results, key);
  }

  setResult(key: string, value: JsonValue, ttlMs: number): void {
    this.#results.set(key, { json: JSON.stringify(value), until: this.timeline.elapsed + ttlMs });
  }

  putFact(key: string, value: JsonValue, ttlMs: number): void {
    this.#registry.set(key, { json: JSON.stringify(value), until: this.timeline.elapsed + ttlMs });
  }

  removeFact(key: string): void {
    this.#registry.delete(key);
  }

  facts(prefix: string): ReadonlyMap<string, JsonValue> {
    const found = new Map<string, JsonValue>();
    for (const key of this.#registry.keys()) {
      const value = key.startsWith(prefix) ? this.#living(this.#registry, key) : undefined;
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  take(...request: Parameters<TokenBuckets['take']>): boolean {
    return this.#buckets.take(...request);
  }

  #living(facts: Map<string, Fact>, key: string): JsonValue | undefined {
    const fact = facts.get(key);
    if (fact === undefined || fact.until <= this.timeline.elapsed) return undefined;
    return JSON.parse(fact.json) as JsonValue;
  }
}

/** A process's way to its fast stores. */
export function simulatedFastStores(process: SimulatedProcess, tables: FastTables): FastStores {
  return {
    inbox: {
      seen: (keys) => process.call('inbox.seen', keys[0] ?? 'nothing', () => tables.seen(keys)),
      mark: (keys, ttlMs) =>
        process.call('inbox.mark', keys[0] ?? 'nothing', (part) =>
          tables.mark(
            keys.filter((_key, n) => isIn(part, n)),
            ttlMs,
          ),
        ),
    },
    joins: {
      arrive: (join, arrival, ttlMs) =>
        process.call('joins.arrive', `${join} by ${arrival.dependency}`, () =>
          tables.arrive(join, arrival, ttlMs),
        ),
      drop: (joins) => process.call('joins.drop', joins[0] ?? 'nothing', () => tables.drop(joins)),
    },
    results: {
      get: (key) => process.call('results.get', key, () => tables.result(key)),
      set: (key, value, ttlMs) => process.call('results.set', key, () => tables.setResult(key, value, ttlMs)),
    },
    registry: {
      put: (key, value, ttlMs) =>
        process.call('registry.write', key, () => tables.putFact(key, value, ttlMs)),
      remove: (key) => process.call('registry.write', key, () => tables.removeFact(key)),
      list: (prefix) => process.call('registry.read', prefix, () => tables.facts(prefix)),
    },
    rateLimits: {
      take: (bucket, limit) => process.call('limits.take', bucket, () => tables.take(bucket, limit)),
    },
  };
}
