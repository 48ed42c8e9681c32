import { err, ok } from '@aura/kernel';
import type { Clock, Journal, LeaseStore, Result } from '@aura/kernel';
import type { Incarnation } from '../transaction/incarnation';
import { COORDINATOR_LEASES } from './instances';
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
 * have lost. Refused with the names of the coordinators that hold a lease: what they remember is not what the store has.
 * Errors: `StoreUnavailableError`.
 */
export async function markRestored(
  { journal, leases, clock }: RestoredStore,
  restoration: Restoration,
): Promise<Result<Incarnation, readonly string[]>> {
  const now = clock.now();
  const living = (await leases.list(COORDINATOR_LEASES)).filter(({ until }) => until > now);
  if (living.length > 0) return err(living.map(({ name }) => name.slice(COORDINATOR_LEASES.length)));
  return ok(await beginIncarnation(journal, clock, restoration));
}
