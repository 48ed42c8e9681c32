import type { Stood } from './resource-operation';

/** Operations remembered beside the index, so that a fresh claim need not ask it. */
const REMEMBERED = 4096;

/** How the newest operations of a resource stand, of those that this process has written. */
export class RecentOperations {
  private readonly stood = new Map<string, Stood>();

  get(id: string): Stood | undefined {
    return this.stood.get(id);
  }

  remember(id: string, stood: Stood): void {
    this.stood.set(id, stood);
    if (this.stood.size <= REMEMBERED) return;
    const [oldest] = this.stood.keys();
    if (oldest !== undefined) this.stood.delete(oldest);
  }
}
