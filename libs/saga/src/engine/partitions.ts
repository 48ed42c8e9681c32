import type { Cancel, Lease } from '@aura/kernel';
import { RareWarning, VainTries } from '@aura/messaging';
import type { PartitionGaps } from './gaps';
import { Instances } from './instances';
import { PARTITION_LEASES, partitionCount, partitionIn } from './partition-count';
import { noteOf, unownedTime } from './partition-note';
import type { PartitionNote } from './partition-note';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { StillLeases } from './still-leases';

/** What the owner of partitions does when they come and go. */
export interface PartitionWork {
  /** Begins to consume; `since`: what the journals have from there on (ms since 1970) may lack views and publications. */
  begin(partition: number, since: number): Promise<void>;
  /** Stops consuming and writes what is open; answers what {@link flushedUpTo} is then. */
  end(partition: number): Promise<number>;
  /** A coordinator instance has vanished: its starts may be unpublished. */
  onVanished(partitions: readonly number[], since: number): void;
  /** Every view of the partition is written that has rows before this time, ms since 1970. */
  flushedUpTo(partition: number): number;
}

/** How long a start or a stop waits until the work of partitions has begun, or what only begins is given back, ms; a queue that the broker does not serve keeps the others from nothing. */
const BEGUN_WITHIN_MS = 5000;
/** How long a stop waits until partitions are given back, ms: longer than what is in hand is waited for. A lease that is not given back by then runs out. */
const LEFT_WITHIN_MS = 10_000;

/** A partition whose work begins. */
interface Beginning {
  /** What the journals have from there on may lack views and publications, ms since 1970. */
  readonly since: number;
  /** Fulfilled when it has begun, or could not and was given back. */
  readonly settled: Promise<void>;
}

/**
 * Shares the partitions among the live coordinators by lease: each takes at most ceil(partitions / instances), gives
 * surplus back, and takes over what has run out. The journal makes a zombie owner harmless; the lease saves work.
 */
export class Partitions {
  private readonly owned = new Map<number, Lease>();
  private readonly beginning = new Map<number, Beginning>();
  private readonly instances: Instances;
  private readonly still: StillLeases;
  /** Partitions that could not be taken up: each round tries them again, and does not tell of them each time. */
  private readonly vain: VainTries;
  private readonly warning: RareWarning;
  private cancel: Cancel = () => undefined;
  private isStopping = false;
  private ticking: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly gaps: PartitionGaps,
    private readonly work: PartitionWork,
  ) {
    const { world, log } = ports;
    this.vain = new VainTries(world);
    this.warning = new RareWarning(world, (error) =>
      log.warn('partitions could not be shared out; trying again', { error }),
    );
    this.still = new StillLeases(world.clock, options.leaseMs);
    this.instances = new Instances(ports, options, (since) => work.onVanished(this.list(), since));
  }

  /** Partitions that this instance owns, also those whose work only begins. */
  list(): readonly number[] {
    return [...this.owned.keys()];
  }

  /** Those of them whose lease has not run out: a process that was stopped for a while learns first what it missed. */
  live(): readonly number[] {
    const now = this.ports.world.clock.now();
    return [...this.owned].filter(([, { until }]) => until > now).map(([partition]) => partition);
  }

  /** Takes part in the sharing. Resolves when the work of the first round has begun, or takes unusually long. */
  async start(): Promise<void> {
    await this.tick();
    this.schedule();
    await this.begun();
  }

  /**
   * Gives everything back, so that others can go on at once; also what only begins, and that unusually slowly. A partition that
   * cannot be given back, or not in time, keeps nothing else from being: its lease runs out. Takes 20 s and a call of the lease
   * store at most, behind the round under way.
   */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.ticking;
    await this.begun();
    const unbegun = [...this.beginning].map(([partition, { since }]) => this.leave(partition, since));
    await this.inTime(unbegun, BEGUN_WITHIN_MS);
    await this.inTime(
      this.list().map((partition) => this.leave(partition)),
      LEFT_WITHIN_MS,
    );
    await this.instances.leave();
  }

  private begun(): Promise<void> {
    return this.inTime(
      [...this.beginning.values()].map((one) => one.settled),
      BEGUN_WITHIN_MS,
    );
  }

  /** Waits for what never rejects, and may take unusually long; what is not over in time goes on by itself. */
  private async inTime(all: readonly Promise<void>[], withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.ports.world.scheduler.after(withinMs, resolve);
      void Promise.all(all).then(() => {
        cancel();
        resolve();
      });
    });
  }

  private schedule(): void {
    if (this.isStopping) return;
    this.cancel = this.ports.world.scheduler.after(this.options.tickMs, () => {
      this.ticking = this.tick()
        .then(
          () => this.warning.worked(),
          (error: unknown) => this.warning.failed(error),
        )
        .finally(() => this.schedule());
    });
  }

  private async tick(): Promise<void> {
    this.gaps.watchClock();
    const instances = await this.instances.renew();
    await this.renewOwned();
    const leases = await this.ports.leases.list(PARTITION_LEASES);
    const count = partitionCount(this.options.partitions, leases);
    const fair = Math.ceil(count / instances);
    // What has just begun to begin can be given back when it has.
    await this.giveBackAll(
      this.list()
        .slice(fair)
        .filter((partition) => !this.beginning.has(partition)),
    );
    const taken = new Map(leases.map((lease) => [partitionIn(lease), lease]));
    for (let partition = 0; partition < count; partition++) {
      if (this.isStopping || this.owned.size >= fair) return;
      if (this.owned.has(partition) || this.beginning.has(partition)) continue;
      await this.takeIfFree(partition, taken.get(partition));
    }
  }

  private async renewOwned(): Promise<void> {
    for (const [partition, lease] of this.owned) {
      const now = this.ports.world.clock.now();
      // A lease that had run out and that nobody took: the time was lost all the same.
      if (now > lease.until) this.gaps.add(partition, { at: lease.until, ms: now - lease.until });
      const { since = Number.POSITIVE_INFINITY } = this.beginning.get(partition) ?? {};
      const flushedUpTo = Math.min(since, this.work.flushedUpTo(partition));
      const note = this.note(partition, { flushedUpTo });
      const renewed = await this.ports.leases.renew(lease, { now, ttlMs: this.options.leaseMs, note });
      if (renewed === undefined) await this.lose(partition);
      // It may have been given back meanwhile, because its work could not begin.
      else if (this.owned.get(partition) === lease) this.owned.set(partition, renewed);
    }
  }

  private note(partition: number, more: Omit<PartitionNote, 'gaps'>): string {
    return JSON.stringify({ ...more, gaps: this.gaps.note(partition) } satisfies PartitionNote);
  }

  private async takeIfFree(partition: number, before: Lease | undefined): Promise<void> {
    const { world, log } = this.ports;
    const now = world.clock.now();
    const lease = await this.acquire(partition, before, now);
    if (lease === undefined) return;
    const note = noteOf(lease, (error) =>
      log.warn(`the note of lease ${lease.name} cannot be read; looking at everything`, { error }),
    );
    this.gaps.adopt(partition, note.gaps, unownedTime(before, note, now));
    this.gaps.noteAhead(partition, note.flushedUpTo);
    this.owned.set(partition, lease);
    const since = Math.min(note.flushedUpTo, now);
    const settled = this.begin(partition, since).finally(() => this.beginning.delete(partition));
    this.beginning.set(partition, { since, settled });
  }

  /** Never rejects. Leases are renewed meanwhile, so that one sick queue costs no other partition. */
  private async begin(partition: number, since: number): Promise<void> {
    try {
      await this.work.begin(partition, since);
      this.vain.remove(String(partition));
      if (this.owned.has(partition)) this.beginning.delete(partition);
      // Its lease was lost while it began.
      else await this.work.end(partition);
    } catch (error) {
      this.warn(partition, error);
      await this.leave(partition, since);
    }
  }

  private warn(partition: number, error: unknown): void {
    if (this.vain.isResting(String(partition))) return;
    this.vain.add(String(partition));
    this.ports.log.warn(`partition ${partition} could not be taken up; trying again`, { error, partition });
  }

  /** Never rejects. */
  private async leave(partition: number, since?: number): Promise<void> {
    await this.release(partition, since).catch((error: unknown) =>
      this.ports.log.warn(`partition ${partition} could not be given back; its lease runs out`, {
        error,
        partition,
      }),
    );
  }

  /** A lease is free when its time is over, or when its owner has not moved it for as long as leases last. */
  private async acquire(
    partition: number,
    before: Lease | undefined,
    now: number,
  ): Promise<Lease | undefined> {
    const { instance, leaseMs: ttlMs } = this.options;
    const until = before === undefined || before.owner === instance ? 0 : before.until;
    const isDead = before !== undefined && this.still.isDead(before);
    if (until > now && !isDead) return undefined;
    const name = PARTITION_LEASES + partition;
    return this.ports.leases.acquire({ name, owner: instance, now: Math.max(now, until + 1), ttlMs });
  }

  private async giveBackAll(partitions: readonly number[]): Promise<void> {
    await Promise.all(partitions.map((partition) => this.release(partition)));
  }

  /** `since`: what the journals have from there on was not looked at here. */
  private async release(partition: number, since = Number.POSITIVE_INFINITY): Promise<void> {
    const lease = this.owned.get(partition);
    this.owned.delete(partition);
    if (lease === undefined) return;
    const flushedUpTo = Math.min(since, await this.work.end(partition));
    const now = this.ports.world.clock.now();
    const note = this.note(partition, { flushedUpTo, leftAt: now });
    const renewed = await this.ports.leases.renew(lease, { now, ttlMs: this.options.leaseMs, note });
    if (renewed !== undefined) await this.ports.leases.release(renewed);
    this.gaps.drop(partition);
  }

  private async lose(partition: number): Promise<void> {
    this.owned.delete(partition);
    if (!this.beginning.has(partition)) await this.work.end(partition);
    this.gaps.drop(partition);
  }
}
