import { systemWorld } from '@aura/embedded';
import type { Result } from '@aura/kernel';
import { markRestored } from '@aura/saga';
import type { Incarnation, Restoration } from '@aura/saga';
import { COORDINATOR } from '../audit/audit-embedded';
import { readSettings } from '../settings/read-settings';
import { serverSettings } from '../settings/service-settings';

const markSettings = serverSettings.pick({ AURA_MONGODB_URL: true, AURA_PREFIX: true });

/**
 * Says that the coordinators' database of an installation on servers was set back to a backup. Refused with the names of the
 * coordinators whose leases have not run out.
 * Errors: `UnsafeSetupError` when the environment does not say where MongoDB is, `StoreUnavailableError`.
 */
export async function markServers(
  env: Readonly<Record<string, string | undefined>>,
  restoration: Restoration,
): Promise<Result<Incarnation, readonly string[]>> {
  const { AURA_MONGODB_URL: url, AURA_PREFIX: prefix } = readSettings('aura restored', markSettings, { env });
  const { openMongo } = await import('@aura/mongo');
  const stores = await openMongo({ url, database: `${prefix}_${COORDINATOR}` });
  try {
    const { leases } = stores;
    const store = { journal: stores.journal(COORDINATOR), leases, clock: systemWorld().clock };
    return await markRestored(store, restoration);
  } finally {
    await stores.close();
  }
}
