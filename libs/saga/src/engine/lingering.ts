import type { Cancel, World } from '@aura/kernel';

interface Lingering<T> {
  readonly until: number;
  readonly items: T[];
}

/** How often it is looked who has lingered long enough, ms. */
const LOOK_MS = 25;

/**
 * What may wait a moment for more of the same key, so that one row holds both. Nothing lingers longer than `lingerMs`
 * and a look; whoever lingers first goes first.
 */
export class LingeringSagas<T> {
  private readonly sagas = new Map<string, Lingering<T>>();
  private cancel: Cancel | undefined;

  constructor(
    private readonly world: World,
    private readonly lingerMs: number,
    /** Takes what has lingered long enough. */
    private readonly release: (saga: string, items: T[]) => void,
  ) {}

  /** Adds to what lingers of a saga; begins its time when it is the first. */
  add(saga: string, item: T): void {
    const lingering = this.sagas.get(saga);
    if (lingering !== undefined) return void lingering.items.push(item);
    this.sagas.set(saga, { until: this.world.clock.now() + this.lingerMs, items: [item] });
    this.cancel ??= this.world.scheduler.after(LOOK_MS, () => this.look());
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
    for (const [saga, { until, items }] of this.sagas) {
      // A clock set back must not hold anything longer than it was meant to.
      if (until > now && until - now <= this.lingerMs) break;
      this.sagas.delete(saga);
      this.release(saga, items);
    }
    if (this.sagas.size > 0) this.cancel = this.world.scheduler.after(LOOK_MS, () => this.look());
  }
}
