import { auditEmbedded, auditServers } from '@aura/nest';
import type { AuditReport } from '@aura/nest';
import { withStoredServers } from '../processes/stored-servers';

/** Where the journals are. */
export type AuditedAura =
  | { readonly dataDir: string }
  /** The environment; what it does not name is taken from `.aura/servers.env` in the working directory. */
  | { readonly env: Readonly<Record<string, string | undefined>> };

/** Adds up everything from the journals alone; works while Aura runs and when it does not, and writes nothing. */
export function auditAura(where: AuditedAura): Promise<AuditReport> {
  return 'dataDir' in where ? auditEmbedded(where.dataDir) : auditServers(withStoredServers(where.env));
}
