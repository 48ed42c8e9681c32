import type { Clock } from '@aura/kernel';
import type { Inbox } from '@aura/messaging';
import { Expiring } from '../memory/expiring';

/** Marks kept; older ones are forgotten, which costs work and nothing else. */
const MARKS = 16_384;

/** The inbox in memory: a restart forgets it, as it may. */
export class MemoryInbox implements Inbox {
  readonly #marks: Expiring<true>;

  constructor(clock: Clock) {
    this.#marks = new Expiring(clock, MARKS);
  }

  seen(keys: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(keys.filter((key) => this.#marks.get(key) === true)));
  }

  mark(keys: readonly string[], ttlMs: number): Promise<void> {
    for (const key of keys) this.#marks.set(key, true, ttlMs);
    return Promise.resolve();
  }
}
