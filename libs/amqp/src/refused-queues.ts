import { UnsafeSetupError } from '@aura/kernel';
import type { AuraError, Log } from '@aura/kernel';
import { type QueueDeclaration, VainTries } from '@aura/messaging';

const SOURCES = {
  clock: { monotonic: () => performance.now() },
  randomness: { fraction: () => Math.random() },
};

/**
 * Queues of this bus that could not be restored on a new connection. They are tried again, and told of ever more rarely until one
 * is declared. Those that the broker refuses for good, as it had them made with other arguments meanwhile, are kept for whoever asks.
 * What is wrong with a queue that this bus does not need is for others to say: one from which nobody here takes any more, and a
 * tracker queue from which nobody here ever took, as every coordinator declares those of all.
 */
export class RefusedQueues {
  /** What is wrong for good, in a sentence; undefined: it may pass by itself. */
  readonly #refusals = new Map<string, string | undefined>();
  readonly #takers = new Map<string, Set<object>>();
  readonly #told = new VainTries(SOURCES);
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Of each that is refused for good: its name, what is wrong, and what to do. */
  get sentences(): readonly string[] {
    return [...this.#refusals.values()].filter((sentence) => sentence !== undefined);
  }

  /** A queue could not be restored, once more. */
  add(declaration: QueueDeclaration, error: AuraError): void {
    if (!this.#isNeeded(declaration)) return;
    const { queue } = declaration;
    const isForGood = error instanceof UnsafeSetupError;
    this.#refusals.set(queue, isForGood ? `${error.message}. ${error.help}`.trim() : undefined);
    if (this.#told.isResting(queue)) return;
    this.#told.add(queue);
    const { help } = error;
    this.#log.warn(`${error.message}. It is tried again, and is not to be relied on until then`, {
      queue,
      help,
      error,
    });
  }

  /** The broker has a queue as it should be. */
  remove(queue: string): void {
    this.#told.remove(queue);
    if (this.#refusals.delete(queue))
      this.#log.info(`queue ${queue} is there again as it should be`, { queue });
  }

  /** Somebody begins to take from a queue here. */
  taken(queue: string, taker: object): void {
    const takers = this.#takers.get(queue) ?? new Set();
    this.#takers.set(queue, takers.add(taker));
  }

  /** It takes from the queue no more, and needs nothing of it. How often that was told of is kept for whoever comes next. */
  left(queue: string, taker: object): void {
    const takers = this.#takers.get(queue);
    takers?.delete(taker);
    if (takers?.size === 0) this.#refusals.delete(queue);
  }

  #isNeeded({ queue, kind }: QueueDeclaration): boolean {
    const takers = this.#takers.get(queue);
    return takers === undefined ? kind !== 'tracker' : takers.size > 0;
  }
}
