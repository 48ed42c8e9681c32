import { StoreUnavailableError } from '@aura/kernel';
import type { Cancel, Lease } from '@aura/kernel';
import type { PartitionGaps } from './gaps';
import type { Gap } from './gaps';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';

/** What a partition's owner leaves for the next one, in the lease's note. */
interface PartitionNote {
  /** Every view is written that has rows before this time, ms since 1970. */
  readonly flushedUpTo: number;
  readonly gaps: readonly Gap[];
}

/** What the owner of partitions does when they come and go. */
export interface PartitionWork {
  /** Begins to consume; `since`: what the journals have from there on may lack views and publications. */
  begin(partition: number, since: number): Promise<void>;
  /** Stops consuming and writes what is open. */
  end(partition: number): Promise<void>;
  /** A coordinator instance has vanished: its starts may be unpublished. */
  onVanished(since: number): Promise<void>;
  flushedUpTo(): number;
}

const INSTANCE = 'coordinator/';
const PARTITION = 'partition/';

/**
 * Shares the partitions among the live coordinators by lease: each takes at most ceil(partitions / instances), gives
 * surplus back, and takes over what has run out. The journal makes a zombie owner harmless; the lease saves work.
 */
export class Partitions {
  private readonly owned = new Map<number, Lease>();
  private readonly seen = new Map<string, number>();
  private own: Lease | undefined;
  private cancel: Cancel = () => undefined;
  private isStopping = false;
  private ticking: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly gaps: PartitionGaps,
    private readonly work: PartitionWork,
  ) {}

  /** Partitions that this instance owns now. */
  list(): readonly number[] {
    return [...this.owned.keys()];
  }

  /** Takes part in the sharing. Resolves after the first round. */
  async start(): Promise<void> {
    await this.tick();
    this.schedule();
  }

  /** Gives everything back, so that others can go on at once. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.ticking;
    for (const partition of this.list()) await this.giveBack(partition);
    if (this.own !== undefined) await this.ports.leases.release(this.own);
  }

  private schedule(): void {
    if (this.isStopping) return;
    this.cancel = this.ports.world.scheduler.after(this.options.tickMs, () => {
      this.ticking = this.tick()
        .catch((error: unknown) =>
          this.ports.log.warn('partitions could not be shared out; trying again', { error }),
        )
        .finally(() => this.schedule());
    });
  }

  private async tick(): Promise<void> {
    this.gaps.watchClock();
    const instances = await this.renewInstance();
    await this.renewOwned();
    const fair = Math.ceil(this.options.partitions / Math.max(1, instances));
    for (const partition of this.list().slice(fair)) await this.giveBack(partition);
    if (!this.isStopping && this.owned.size < fair) await this.takeFree(fair);
  }

  private async renewInstance(): Promise<number> {
    const { leases, world } = this.ports;
    const now = world.clock.now();
    const name = INSTANCE + this.options.instance;
    this.own = await leases.acquire({ name, owner: this.options.instance, now, ttlMs: this.options.leaseMs });
    const all = await leases.list(INSTANCE);
    const live = all.filter(({ until }) => until > now);
    for (const [instance, until] of this.seen)
      if (!live.some((lease) => lease.name === instance)) {
        this.seen.delete(instance);
        await this.work.onVanished(until - this.options.leaseMs);
      }
    for (const { name: instance, until } of live) if (instance !== name) this.seen.set(instance, until);
    return live.length;
  }

  private async renewOwned(): Promise<void> {
    for (const [partition, lease] of this.owned) {
      const now = this.ports.world.clock.now();
      const renewed = await this.ports.leases.renew(lease, {
        now,
        ttlMs: this.options.leaseMs,
        note: this.note(partition),
      });
      if (renewed !== undefined) this.owned.set(partition, renewed);
      else await this.lose(partition);
    }
  }

  private note(partition: number): string {
    return JSON.stringify({
      flushedUpTo: this.work.flushedUpTo(),
      gaps: this.gaps.note(partition),
    } satisfies PartitionNote);
  }

  private async takeFree(fair: number): Promise<void> {
    const { leases, world } = this.ports;
    const now = world.clock.now();
    const taken = new Map((await leases.list(PARTITION)).map((lease) => [lease.name, lease]));
    for (let partition = 0; partition < this.options.partitions && this.owned.size < fair; partition++) {
      const before = taken.get(PARTITION + partition);
      const isHeld = before !== undefined && before.until > now && before.owner !== this.options.instance;
      if (this.owned.has(partition) || isHeld) continue;
      await this.take(partition, before);
    }
  }

  private async take(partition: number, before: Lease | undefined): Promise<void> {
    const { leases, world } = this.ports;
    const now = world.clock.now();
    const request = {
      name: PARTITION + partition,
      owner: this.options.instance,
      now,
      ttlMs: this.options.leaseMs,
    };
    const lease = await leases.acquire(request);
    if (lease === undefined) return;
    const note = noteOf(lease);
    // A lease that was given back ends at once and is no gap until its time has passed.
    const lostMs = before === undefined ? 0 : Math.max(0, now - before.until);
    this.gaps.adopt(
      partition,
      note.gaps,
      lostMs > 0 && before !== undefined ? { at: before.until, ms: lostMs } : undefined,
    );
    this.owned.set(partition, lease);
    try {
      await this.work.begin(partition, note.flushedUpTo);
    } catch (error) {
      this.owned.delete(partition);
      await leases.release(lease);
      throw error;
    }
  }

  private async giveBack(partition: number): Promise<void> {
    const lease = this.owned.get(partition);
    this.owned.delete(partition);
    if (lease === undefined) return;
    await this.work.end(partition);
    const now = this.ports.world.clock.now();
    const renewed = await this.ports.leases.renew(lease, {
      now,
      ttlMs: this.options.leaseMs,
      note: this.note(partition),
    });
    if (renewed !== undefined) await this.ports.leases.release(renewed);
    this.gaps.drop(partition);
  }

  private async lose(partition: number): Promise<void> {
    this.owned.delete(partition);
    await this.work.end(partition);
    this.gaps.drop(partition);
  }
}

function noteOf(lease: Lease): PartitionNote {
  try {
    const note = JSON.parse(lease.note) as PartitionNote | null;
    return note ?? { flushedUpTo: 0, gaps: [] };
  } catch (error) {
    throw new StoreUnavailableError(`the note of lease ${lease.name} cannot be read: ${lease.note}`, error);
  }
}
