import type { Lease } from '@aura/kernel';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { StillLeases } from './still-leases';

/** Leases of the coordinators that live begin so; the instance's name stands behind it. */
export const COORDINATOR_LEASES = 'coordinator/';

/**
 * Which coordinators live: each holds a lease of its own name, and sees when another's has run out, was given back, or
 * has got another life: a process that was killed may be back under its name before its lease has run out.
 */
export class Instances {
  private readonly seen = new Map<string, Pick<Lease, 'until' | 'note'>>();
  private readonly life: string;
  private readonly still: StillLeases;
  private own: Lease | undefined;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    /** An instance is gone; what it began after `since` (ms since 1970) may be unpublished. */
    private readonly onVanished: (since: number) => void,
  ) {
    const { clock, randomness } = ports.world;
    this.still = new StillLeases(clock, options.leaseMs);
    this.life = JSON.stringify(`${clock.now()}/${randomness.fraction()}`);
  }

  /** Renews the own lease; answers how many live, this one included. */
  async renew(): Promise<number> {
    const now = this.ports.world.clock.now();
    const name = COORDINATOR_LEASES + this.options.instance;
    this.own = await this.renewOwn(name, now);
    const others = (await this.ports.leases.list(COORDINATOR_LEASES)).filter((lease) => lease.name !== name);
    const live = new Map(
      others
        .filter((lease) => lease.until > now && !this.still.isDead(lease))
        .map((lease) => [lease.name, lease]),
    );
    for (const [other, { until, note }] of this.seen)
      if (live.get(other)?.note !== note) this.vanished(other, Math.min(until, now));
    for (const [other, lease] of live) this.seen.set(other, lease);
    return live.size + 1;
  }

  /** Gives the own lease back. */
  async leave(): Promise<void> {
    if (this.own !== undefined) await this.ports.leases.release(this.own);
  }

  /** The note of the lease is this life's mark, from its first renewal on. */
  private async renewOwn(name: string, now: number): Promise<Lease | undefined> {
    const { instance, leaseMs: ttlMs } = this.options;
    const lease = await this.ports.leases.acquire({ name, owner: instance, now, ttlMs });
    if (lease === undefined || lease.note === this.life) return lease;
    return this.ports.leases.renew(lease, { now, ttlMs, note: this.life });
  }

  private vanished(instance: string, until: number): void {
    this.seen.delete(instance);
    this.onVanished(until - this.options.leaseMs);
  }
}
