import type { Cancel, World } from '@aura/kernel';

interface Lingering<T> {
  readonly since: number;
  readonly until: number;
  readonly items: T[];
}

/** How often it is looked who has lingered long enough, ms. */
const LOOK_MS = 25;

/** What may wait a moment for more of the same saga, so that one row holds both. Nothing lingers longer than its time and a look. */
export class LingeringSagas<T> {
  private readonly sagas = new Map<string, Lingering<T>>();
  private cancel: Cancel | undefined;

  constructor(
    private readonly world: World,
    /** Takes what has lingered long enough. */
    private readonly release: (saga: string, items: T[]) => void,
  ) {}

  /** Adds to what lingers of a saga; begins its time when it is the first. */
  add(saga: string, item: T, lingerMs: number): void {
    const lingering = this.sagas.get(saga);
    if (lingering !== undefined) return void lingering.items.push(item);
    const since = this.world.clock.now();
    this.sagas.set(saga, { since, until: since + lingerMs, items: [item] });
    this.cancel ??= this.world.scheduler.after(Math.min(LOOK_MS, lingerMs), () => this.look());
  }

  /** Whether something lingers of a saga. */
  has(saga: string): boolean {
    return this.sagas.has(saga);
  }

  /** Takes what lingers of a saga, because something came that cannot wait. */
  take(saga: string): T[] {
    const items = this.sagas.get(saga)?.items ?? [];
    this.sagas.delete(saga);
    return items;
  }

  private look(): void {
    const now = this.world.clock.now();
    this.cancel = undefined;
    for (const [saga, { since, until, items }] of this.sagas) {
      // A clock set back must not hold anything longer than it was meant to.
      if (until > now && since <= now) continue;
      this.sagas.delete(saga);
      this.release(saga, items);
    }
    if (this.sagas.size > 0) this.cancel = this.world.scheduler.after(LOOK_MS, () => this.look());
  }
}
