import { join } from 'node:path';
import { openEmbedded, openEmbeddedReader, systemWorld } from '@aura/embedded';
import type { Result } from '@aura/kernel';
import { markRestored } from '@aura/saga';
import type { Incarnation, Restoration } from '@aura/saga';
import { COORDINATOR } from '../audit/audit-embedded';

/**
 * Says that a data folder was set back to a backup. Refused with the names of the coordinators whose leases have not run out.
 * Errors: `UnsafeSetupError` when no Aura of this version ever ran there, or one runs.
 */
export async function markEmbedded(
  dataDir: string,
  restoration: Restoration,
): Promise<Result<Incarnation, readonly string[]>> {
  const path = join(dataDir, 'aura.db');
  // Demands that there is something to restore: opening for writing would make it.
  openEmbeddedReader({ path }).close();
  const embedded = await openEmbedded({ path });
  try {
    const { leases } = embedded;
    const store = { journal: embedded.journal(COORDINATOR), leases, clock: systemWorld().clock };
    return await markRestored(store, restoration);
  } finally {
    await embedded.close();
  }
}
