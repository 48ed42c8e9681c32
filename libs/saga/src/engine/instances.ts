import type { Lease } from '@aura/kernel';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';

const INSTANCE = 'coordinator/';

/** Which coordinators live: each holds a lease of its own name, and sees when another's has run out or was given back. */
export class Instances {
  private readonly seen = new Map<string, number>();
  private own: Lease | undefined;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    /** An instance is gone; what it began after `since` (ms since 1970) may be unpublished. */
    private readonly onVanished: (since: number) => void,
  ) {}

  /** Renews the own lease; answers how many live, this one included. */
  async renew(): Promise<number> {
    const { leases, world } = this.ports;
    const { instance, leaseMs } = this.options;
    const now = world.clock.now();
    const name = INSTANCE + instance;
    this.own = await leases.acquire({ name, owner: instance, now, ttlMs: leaseMs });
    const live = new Map(
      (await leases.list(INSTANCE)).flatMap((lease) =>
        lease.until > now ? [[lease.name, lease.until] as const] : [],
      ),
    );
    for (const [other, until] of this.seen) if (!live.has(other)) this.vanished(other, until);
    for (const [other, until] of live) if (other !== name) this.seen.set(other, until);
    return Math.max(1, live.size);
  }

  /** Gives the own lease back. */
  async leave(): Promise<void> {
    if (this.own !== undefined) await this.ports.leases.release(this.own);
  }

  private vanished(instance: string, until: number): void {
    this.seen.delete(instance);
    this.onVanished(until - this.options.leaseMs);
  }
}
