import { join } from 'node:path';
import { openEmbeddedReader } from '@aura/embedded';
import { audit } from '@aura/saga';
import type { AuditReport } from '@aura/saga';

/** Name under which the coordinator keeps its journals. */
export const COORDINATOR = 'coordinator';

/**
 * Adds up the journals of a data folder, as they stood in one moment; its owner may run meanwhile, and nothing is written.
 * Errors: `UnsafeSetupError` when no Aura of this version ever ran there.
 */
export async function auditEmbedded(dataDir: string): Promise<AuditReport> {
  const reader = openEmbeddedReader({ path: join(dataDir, 'aura.db') });
  try {
    const names = (await reader.namespaces()).filter((name) => name !== COORDINATOR);
    return await audit({
      coordinator: reader.journal(COORDINATOR),
      participants: new Map(names.map((name) => [name, reader.journal(name)])),
    });
  } finally {
    reader.close();
  }
}
