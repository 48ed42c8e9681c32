import { err, ok } from '@aura/kernel';
import type { Clock, Journal, LeaseStore, Result } from '@aura/kernel';
import type { Incarnation } from '../transaction/incarnation';
import { COORDINATOR_LEASES } from './instances';
import { newestRowSince } from './newest-row-since';
import { MOST_PARTITIONS, PARTITION_LEASES, partitionCount } from './partition-count';
import { beginIncarnation } from './store-incarnations';
import type { Restoration } from './store-incarnations';

/** The store of the coordinators. */
export interface RestoredStore {
  readonly journal: Journal;
  readonly leases: Pick<LeaseStore, 'list'>;
  readonly clock: Clock;
}

/**
 * Says that a store was set back to a backup: it begins another incarnation, by which the next coordinator knows what it may
 * have lost. It begins behind every row of sagas and transactions that the store has, in whatever partition and place of its
 * stream, also where the clock of who says so is slow: what is older than the incarnation may have been decided and forgotten.
 * Refused with the names of the coordinators that hold a lease: what they remember is not what the store has.
 * Errors: `StoreUnavailableError`.
 */
export async function markRestored(
  { journal, leases, clock }: RestoredStore,
  restoration: Restoration,
): Promise<Result<Incarnation, readonly string[]>> {
  const now = clock.now();
  const living = (await leases.list(COORDINATOR_LEASES)).filter(({ until }) => until > now);
  if (living.length > 0) return err(living.map(({ name }) => name.slice(COORDINATOR_LEASES.length)));
  const count = partitionCount(MOST_PARTITIONS, await leases.list(PARTITION_LEASES));
  const partitions = Array.from({ length: count }, (_value, n) => n);
  const behind = (await newestRowSince(journal, partitions, now)) ?? 0;
  return ok(await beginIncarnation(journal, { clock, behind }, restoration));
}
