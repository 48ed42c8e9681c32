/** The right to do something alone until a time. `fence` grows with every change of owner. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly fence: number;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** A word of the owner for whoever comes next, JSON text (`null` at first); survives a change of owner. */
  readonly note: string;
}

/**
 * Leases in the store. Time is the caller's: pass the wall clock. Of racing callers exactly one acquires.
 * A lease makes work cheap, not safe: safety is the journal's sequence.
 */
export interface LeaseStore {
  /** Takes the lease when it is free, past `until`, or already the caller's; otherwise undefined. */
  acquire(request: {
    readonly name: string;
    readonly owner: string;
    readonly now: number;
    readonly ttlMs: number;
  }): Promise<Lease | undefined>;
  /** Prolongs and sets the note; undefined when it was lost (owner or fence differ). */
  renew(
    lease: Lease,
    request: { readonly now: number; readonly ttlMs: number; readonly note?: string },
  ): Promise<Lease | undefined>;
  /** Gives the lease back: anybody may take it at once. Harmless when it was lost. */
  release(lease: Lease): Promise<void>;
  /** All leases whose name begins with `prefix`, free or not, by name. */
  list(prefix: string): Promise<readonly Lease[]>;
}
