import type { Stood } from './resource-operation';

/** Operations remembered beside the index, so that a fresh claim need not ask it. */
const REMEMBERED = 4096;

interface Remembered {
  /** Count of loads when it came to be remembered, see `LoadCount`. */
  readonly load: number;
  /** How it stands, of what this process has written. Absent: others wrote it, and the index tells. */
  readonly stood?: Stood;
}

/** The newest operations that stand on a resource: those that this process has written, and those whose rows it has read. */
export class RecentOperations {
  private readonly remembered = new Map<string, Remembered>();
  private since = Number.POSITIVE_INFINITY;

  /** Forgets all. From now on all is remembered that comes behind this load; 0 says that all there is will be. */
  restart(since: number): void {
    this.remembered.clear();
    this.since = since;
  }

  get(id: string): Remembered | undefined {
    return this.remembered.get(id);
  }

  /** Whether all is remembered that came to stand since the count of loads was this. */
  isWholeSince(asked: number): boolean {
    return this.since <= asked;
  }

  /** Remembers an operation that a load has brought, or that this process has written. */
  remember(id: string, operation: Remembered): void {
    this.remembered.set(id, operation);
    if (this.remembered.size <= REMEMBERED) return;
    const [oldest] = this.remembered;
    if (oldest === undefined) return;
    this.remembered.delete(oldest[0]);
    this.since = Math.max(this.since, oldest[1].load);
  }
}
