import type { StoreUnavailableError } from '@aura/kernel';
import type { BusHealth } from '@aura/messaging';

/** How the broker stands: down while its file refuses to be written. */
export class BusStanding {
  #health: BusHealth = { status: 'up', withoutConsumer: [] };
  readonly #listeners = new Set<(health: BusHealth) => void>();

  get health(): BusHealth {
    return this.#health;
  }

  /** Tells of changes; returns how to stop listening. */
  listen(listener: (health: BusHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The file took a turn, or refused it. */
  note(error: StoreUnavailableError | undefined): void {
    const status = error ? 'down' : 'up';
    if (status === this.#health.status) return;
    this.#health = { status, withoutConsumer: [], ...(error ? { reason: error.message } : {}) };
    for (const listener of this.#listeners) listener(this.#health);
  }
}
