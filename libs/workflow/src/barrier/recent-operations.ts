import type { Stood } from './resource-operation';

/** Operations remembered beside the index, so that a fresh claim need not ask it. */
const REMEMBERED = 4096;

interface Remembered {
  readonly stood: Stood;
  /** The load that brought it, see `LoadCount`. */
  readonly load: number;
}

/** How the newest operations of a resource stand: those that this process has written, and those whose rows it has read. */
export class RecentOperations {
  private readonly remembered = new Map<string, Remembered>();
  private since = Number.POSITIVE_INFINITY;

  /** Forgets all. From now on all is remembered that comes behind this load; 0 says that all there is will be. */
  restart(since: number): void {
    this.remembered.clear();
    this.since = since;
  }

  get(id: string): Stood | undefined {
    return this.remembered.get(id)?.stood;
  }

  /** Whether all is remembered that came to stand since the count of loads was this. */
  isWholeSince(asked: number): boolean {
    return this.since <= asked;
  }

  /** Remembers how an operation stands that a load has brought, or, without a load, this process has written. */
  remember(id: string, stood: Stood, load = 1): void {
    this.remembered.set(id, { stood, load });
    if (this.remembered.size <= REMEMBERED) return;
    const [oldest] = this.remembered;
    if (oldest === undefined) return;
    this.remembered.delete(oldest[0]);
    this.since = Math.max(this.since, oldest[1].load);
  }
}
