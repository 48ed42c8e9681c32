import type { Lease, LeaseStore } from '@aura/kernel';
import type { SimulatedProcess } from '../process/simulated-process';

/** The leases of an installation. A released one has no owner. */
export class LeaseTable {
  readonly #leases = new Map<string, Lease>();

  acquire(request: {
    readonly name: string;
    readonly owner: string;
    readonly now: number;
    readonly ttlMs: number;
  }): Lease | undefined {
    const { name, owner, now, ttlMs } = request;
    const kept = this.#leases.get(name);
    const until = now + ttlMs;
    if (kept === undefined) return this.#keep({ name, owner, fence: 1, until, note: 'null' });
    if (kept.owner === owner) return this.#keep({ ...kept, until });
    if (kept.owner !== '' && kept.until >= now) return undefined;
    return this.#keep({ ...kept, owner, fence: kept.fence + 1, until });
  }

  renew(
    lease: Lease,
    request: { readonly now: number; readonly ttlMs: number; readonly note?: string },
  ): Lease | undefined {
    const kept = this.#leases.get(lease.name);
    if (kept?.owner !== lease.owner || kept.fence !== lease.fence) return undefined;
    return this.#keep({ ...kept, until: request.now + request.ttlMs, note: request.note ?? kept.note });
  }

  release(lease: Lease): void {
    const kept = this.#leases.get(lease.name);
    if (kept?.owner === lease.owner && kept.fence === lease.fence)
      this.#keep({ ...kept, owner: '', until: 0 });
  }

  list(prefix: string): readonly Lease[] {
    return [...this.#leases.values()]
      .filter(({ name }) => name.startsWith(prefix))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Lets leases run out at once, though their owners still believe in them. */
  expire(prefix: string): void {
    for (const lease of this.list(prefix)) this.#keep({ ...lease, until: 0 });
  }

  #keep(lease: Lease): Lease {
    this.#leases.set(lease.name, lease);
    return lease;
  }
}

/** A process's way to the leases. */
export class SimulatedLeases implements LeaseStore {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly table: LeaseTable,
  ) {}

  acquire(request: {
    readonly name: string;
    readonly owner: string;
    readonly now: number;
    readonly ttlMs: number;
  }): Promise<Lease | undefined> {
    return this.process.call('leases.write', request.name, () => this.table.acquire(request));
  }

  renew(
    lease: Lease,
    request: { readonly now: number; readonly ttlMs: number; readonly note?: string },
  ): Promise<Lease | undefined> {
    return this.process.call('leases.write', lease.name, () => this.table.renew(lease, request));
  }

  release(lease: Lease): Promise<void> {
    return this.process.call('leases.write', lease.name, () => this.table.release(lease));
  }

  list(prefix: string): Promise<readonly Lease[]> {
    return this.process.call('leases.read', prefix, () => this.table.list(prefix));
  }
}
