import type { Lease } from '@aura/kernel';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';

const INSTANCE = 'coordinator/';

/**
 * Which coordinators live: each holds a lease of its own name, and sees when another's has run out, was given back, or
 * has got another life: a process that was killed may be back under its name before its lease has run out.
 */
export class Instances {
  private readonly seen = new Map<string, Pick<Lease, 'until' | 'note'>>();
  private readonly life: string;
  private own: Lease | undefined;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    /** An instance is gone; what it began after `since` (ms since 1970) may be unpublished. */
    private readonly onVanished: (since: number) => void,
  ) {
    const { clock, randomness } = ports.world;
    this.life = JSON.stringify(`${clock.now()}/${randomness.fraction()}`);
  }

  /** Renews the own lease; answers how many live, this one included. */
  async renew(): Promise<number> {
    const { leases, world } = this.ports;
    const { instance } = this.options;
    const now = world.clock.now();
    const name = INSTANCE + instance;
    this.own = await this.renewOwn(name, now);
    const live = new Map((await leases.list(INSTANCE)).map((lease) => [lease.name, lease]));
    for (const [other, { until }] of live) if (until <= now) live.delete(other);
    for (const [other, { until, note }] of this.seen)
      if (live.get(other)?.note !== note) this.vanished(other, until);
    for (const [other, lease] of live) if (other !== name) this.seen.set(other, lease);
    return Math.max(1, live.size);
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
