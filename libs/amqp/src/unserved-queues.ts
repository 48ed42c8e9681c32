import { StoreUnavailableError } from '@aura/kernel';

/**
 * Queues for which a channel still waits that was given up. The broker closes a channel only when it has its answer: while a
 * queue is not served, every further try would leave one more channel open, until the connection may have no more.
 */
export class UnservedQueues {
  readonly #waiting = new Map<string, Set<Promise<unknown>>>();

  /** A channel on which nobody waits any more was asked about queues. `gone`: fulfilled when the broker has closed it. */
  add(queues: readonly string[], gone: Promise<unknown>): void {
    for (const queue of queues) {
      const waiting = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, waiting.add(gone));
    }
    void gone.then(() => this.#remove(queues, gone));
  }

  /** Error: `StoreUnavailableError` while a channel waits for one of the queues; the broker is not asked once more. */
  demandServed(what: string, queues: readonly string[]): void {
    const unserved = queues.find((queue) => this.#waiting.has(queue));
    if (unserved !== undefined)
      throw new StoreUnavailableError(
        `RabbitMQ does not serve queue ${unserved}: it has not answered yet what it was asked before, and was not asked to ${what}`,
      );
  }

  #remove(queues: readonly string[], gone: Promise<unknown>): void {
    for (const queue of queues) {
      const waiting = this.#waiting.get(queue);
      waiting?.delete(gone);
      if (waiting?.size === 0) this.#waiting.delete(queue);
    }
  }
}
