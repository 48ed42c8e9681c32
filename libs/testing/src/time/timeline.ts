import type { Cancel } from '@aura/kernel';

interface Entry {
  readonly at: number;
  readonly order: number;
  task: (() => void) | undefined;
}

/**
 * Virtual time: what is to happen, by instant and then in the order it was asked for. Nothing happens by itself; all
 * that is due at one instant begins together, and promises go on behind it before time passes.
 */
export class Timeline {
  /** Milliseconds since the beginning. */
  elapsed = 0;
  /** A binary heap. */
  readonly #entries: Entry[] = [];
  #orders = 0;

  /** Runs a task in `delayMs` milliseconds; 0 is behind everything that is due now. */
  after(delayMs: number, task: () => void): Cancel {
    this.#orders += 1;
    const entry: Entry = { at: this.elapsed + Math.max(0, delayMs), order: this.#orders, task };
    this.#push(entry);
    return () => {
      entry.task = undefined;
    };
  }

  /** Instant of what is due next; undefined when nothing is. */
  get next(): number | undefined {
    for (let top = this.#entries[0]; top !== undefined; top = this.#entries[0]) {
      if (top.task !== undefined) return top.at;
      this.#pop();
    }
    return undefined;
  }

  /** Lets time pass to the next instant at which something is due, unless that is after `end`; false: nothing was. */
  async step(end = Number.POSITIVE_INFINITY): Promise<boolean> {
    const { next } = this;
    if (next === undefined || next > end) return false;
    this.elapsed = Math.max(this.elapsed, next);
    const last = this.#orders;
    for (let top = this.#entries[0]; top?.at === next && top.order <= last; top = this.#entries[0]) {
      this.#pop();
      top.task?.();
    }
    await settled();
    return true;
  }

  /** Lets `ms` milliseconds pass. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settled();
    while (await this.step(end));
    this.elapsed = end;
  }

  #push(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = entries[above];
      if (other === undefined || isBefore(other, entry)) break;
      entries[at] = other;
      at = above;
    }
    entries[at] = entry;
  }

  #pop(): void {
    const entries = this.#entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    let at = 0;
    for (;;) {
      const below = this.#lesserBelow(at);
      const least = entries[below];
      if (least === undefined || isBefore(last, least)) break;
      entries[at] = least;
      at = below;
    }
    entries[at] = last;
  }

  #lesserBelow(at: number): number {
    const below = 2 * at + 1;
    const [left, right] = [this.#entries[below], this.#entries[below + 1]];
    return left !== undefined && right !== undefined && isBefore(right, left) ? below + 1 : below;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** All promises that can go on have gone on: those queue up before the next turn of the event loop. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
