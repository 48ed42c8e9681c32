import type { Cancel, World } from '../clock';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** Wall clock of a new virtual world: a readable instant. */
const BEGINNING = Date.UTC(2030, 0, 1);

/**
 * A world whose time a test advances. Nothing passes by itself: timers fire inside {@link advance}, in the order of
 * their times, with the monotonic and the wall clock at their time. Real I/O knows nothing of it and is not waited
 * for: wait for its effect before advancing further. Chance is seeded: the same in every run.
 */
export class VirtualWorld implements World {
  #elapsed = 0;
  #wallOffset: number;
  #orders = 0;
  #state: number;
  readonly #timers = new Set<Timer>();

  constructor({ now = BEGINNING, seed = 1 }: { readonly now?: number; readonly seed?: number } = {}) {
    this.#wallOffset = now;
    this.#state = seed >>> 0;
  }

  readonly clock = {
    now: (): number => this.#wallOffset + this.#elapsed,
    monotonic: (): number => this.#elapsed,
  };

  readonly scheduler = {
    after: (delayMs: number, task: () => void): Cancel => {
      this.#orders += 1;
      const timer = { at: this.#elapsed + Math.max(0, delayMs), order: this.#orders, task };
      this.#timers.add(timer);
      return () => void this.#timers.delete(timer);
    },
  };

  readonly randomness = {
    bytes: (length: number): Uint8Array => Uint8Array.from({ length }, () => this.#next() >>> 24),
    fraction: (): number => this.#next() / 2 ** 32,
  };

  /** Timers that wait; a test that has cleaned up ends with none. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass: fires what is due, and lets promises go on behind each task. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (let due = this.#dueBy(end); due !== undefined; due = this.#dueBy(end)) {
      this.#elapsed = Math.max(this.#elapsed, due.at);
      this.#timers.delete(due);
      due.task();
      await turn();
    }
    this.#elapsed = end;
    await turn();
  }

  /** The wall clock jumps by `ms`, as when somebody sets it; elapsed time does not. */
  jump(ms: number): void {
    this.#wallOffset += ms;
  }

  #dueBy(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }

  /** A linear congruential generator (Numerical Recipes). */
  #next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state;
  }
}

/** A turn of the event loop: all promises that can go on without I/O have gone on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
