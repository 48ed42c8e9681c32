import { localActor, markEmbedded, markServers } from '@aura/nest';
import type { AuditedAura } from '../audit/audit-aura';
import { withStoredServers } from '../processes/stored-servers';

/**
 * Says, in the name of the user of this machine, that the coordinators' store was set back to a backup; answers the
 * incarnation that begins, or the coordinators that run still.
 */
export function markAuraRestored(where: AuditedAura, note: string): ReturnType<typeof markEmbedded> {
  const restoration = { actor: localActor(), note };
  return 'dataDir' in where
    ? markEmbedded(where.dataDir, restoration)
    : markServers(withStoredServers(where.env), restoration);
}
