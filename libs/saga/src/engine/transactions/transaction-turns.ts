import type { Cancel, World } from '@aura/kernel';

/** Longest wait for more of a step that one row can hold, ms. */
const LINGER_MS = 100;

/** What is done with the deliveries of a step's transactions. */
export interface TurnWork<T> {
  /** Whether a delivery may wait for more, beside those that wait already: nothing follows from all of them together. */
  mayLinger(item: T, waiting: readonly T[]): boolean;
  /** Does what they say, in their order. Never rejects: who waits for one of them is answered by it. */
  turn(items: readonly T[]): Promise<void>;
}

interface Lingering<T> {
  readonly items: T[];
  readonly cancel: Cancel;
}

/**
 * The turns of transactions: what comes of one step is done one thing after the other. What nothing follows from, as all
 * votes but the last, lingers a moment for what comes next, so that they share a row.
 */
export class TransactionTurns<T> {
  private readonly last = new Map<string, Promise<void>>();
  private readonly lingering = new Map<string, Lingering<T>>();
  private waiting = 0;

  constructor(
    private readonly world: World,
    private readonly work: TurnWork<T>,
    /** Most deliveries that linger at once: the rest of a queue's prefetch is for others. */
    private readonly mostLingering: number,
  ) {}

  /** Takes a delivery; `step` says whose it is. */
  enter(step: string, item: T): void {
    const isIdle = !this.last.has(step) && this.waiting < this.mostLingering;
    if (isIdle && this.work.mayLinger(item, this.lingering.get(step)?.items ?? []))
      return this.linger(step, item);
    this.begin(step, [...this.leave(step), item]);
  }

  private linger(step: string, item: T): void {
    this.waiting += 1;
    const known = this.lingering.get(step);
    if (known !== undefined) return void known.items.push(item);
    const cancel = this.world.scheduler.after(LINGER_MS, () => this.begin(step, this.leave(step)));
    this.lingering.set(step, { items: [item], cancel });
  }

  private leave(step: string): readonly T[] {
    const { items, cancel } = this.lingering.get(step) ?? { items: [] };
    cancel?.();
    this.lingering.delete(step);
    this.waiting -= items.length;
    return items;
  }

  private begin(step: string, items: readonly T[]): void {
    const before = this.last.get(step) ?? Promise.resolve();
    const turn: Promise<void> = before
      .then(() => this.work.turn(items))
      .then(() => void (this.last.get(step) === turn && this.last.delete(step)));
    this.last.set(step, turn);
  }
}
