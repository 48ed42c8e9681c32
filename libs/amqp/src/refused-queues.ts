import type { Log, UnsafeSetupError } from '@aura/kernel';
import { VainTries } from '@aura/messaging';

const SOURCES = {
  clock: { monotonic: () => performance.now() },
  randomness: { fraction: () => Math.random() },
};

/**
 * Queues of this bus that the broker refuses for good, as it had them made with other arguments meanwhile: they are tried again,
 * told of ever more rarely, and kept for whoever asks until one is declared.
 */
export class RefusedQueues {
  readonly #refusals = new Map<string, string>();
  readonly #told = new VainTries(SOURCES);
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Of each: its name, what is wrong, and what to do. */
  get sentences(): readonly string[] {
    return [...this.#refusals.values()];
  }

  /** The broker refused a queue once more. */
  add(queue: string, error: UnsafeSetupError): void {
    this.#refusals.set(queue, `${error.message}. ${error.help ?? ''}`.trim());
    if (this.#told.isResting(queue)) return;
    this.#told.add(queue);
    this.#log.warn(`${error.message}. It is tried again, and nothing is taken from it until then`, {
      queue,
      help: error.help,
      error,
    });
  }

  /** The broker has a queue as it should be. */
  remove(queue: string): void {
    if (!this.#refusals.delete(queue)) return;
    this.#told.remove(queue);
    this.#log.info(`queue ${queue} is there again as it should be`, { queue });
  }
}
