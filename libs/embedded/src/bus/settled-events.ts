import type { Cancel, Scheduler } from '@aura/kernel';

/** Events that one removal takes together: it frees whole pages, where one with every turn writes pages of its own. */
const TOGETHER = 256;
/** How soon an event is removed that no more follow, ms. */
const REMOVED_WITHIN_MS = 1000;

/** Events that no queue needs any more, until they are removed. A process that dies before finds them when it restarts. */
export class SettledEvents {
  #seqs: number[] = [];
  #isDue = false;
  #cancel: Cancel | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    /** Asks for a turn. */
    private readonly wake: () => void,
  ) {}

  /** No queue needs the event at this position. */
  add(seq: number): void {
    this.#seqs.push(seq);
    this.#cancel ??= this.scheduler.after(REMOVED_WITHIN_MS, () => {
      this.#isDue = true;
      this.wake();
    });
  }

  /** What is to be removed with this turn. */
  due(): readonly number[] {
    return this.#isDue || this.#seqs.length >= TOGETHER ? this.#seqs : [];
  }

  /** What was due is removed. */
  removed(): void {
    this.#seqs = [];
    this.#isDue = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Removes with the next turn whatever there is. */
  close(): void {
    this.#cancel?.();
    this.#isDue = true;
  }
}
