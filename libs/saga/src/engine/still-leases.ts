import type { Clock, Lease } from '@aura/kernel';

/**
 * Tells leases whose owners have fallen silent, whatever the wall clocks say: a clock that was set back makes a dead
 * owner's lease look valid for as long as it was set back. A living owner moves the time of its lease with each renewal.
 */
export class StillLeases {
  private readonly seen = new Map<string, { readonly until: number; readonly since: number }>();

  constructor(
    private readonly clock: Clock,
    /** How long a lease lasts, ms. */
    private readonly leaseMs: number,
  ) {}

  /** Whether a lease has stood still for longer than leases last, since it was first asked about. */
  isDead({ name, until }: Pick<Lease, 'name' | 'until'>): boolean {
    const now = this.clock.monotonic();
    const known = this.seen.get(name);
    if (known?.until === until) return now - known.since > this.leaseMs;
    this.seen.set(name, { until, since: now });
    return false;
  }
}
