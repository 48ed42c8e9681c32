import { setTimeout as delay } from 'node:timers/promises';
import type { MongoReader } from '@aura/mongo';
import { audit, confirmedAudit } from '@aura/saga';
import type { AuditReport } from '@aura/saga';
import { readSettings } from '../settings/read-settings';
import { serverSettings } from '../settings/service-settings';
import { COORDINATOR } from './audit-embedded';

/** Time for what is under way to come to its end, between two passes, ms. */
const PAUSE_MS = 1000;

const auditSettings = serverSettings.pick({ AURA_MONGODB_URL: true, AURA_PREFIX: true });

/**
 * Adds up the journals of all participants of an installation on servers, each in its own database. What is found while
 * Aura runs is looked at again before it counts. Nothing is written.
 * Errors: `UnsafeSetupError` when the environment does not say where MongoDB is, `StoreUnavailableError`.
 */
export async function auditServers(
  env: Readonly<Record<string, string | undefined>>,
  pause: () => Promise<void> = () => delay(PAUSE_MS),
): Promise<AuditReport> {
  const { AURA_MONGODB_URL: url, AURA_PREFIX: prefix } = readSettings('aura audit', auditSettings, { env });
  const { listDatabases, openMongoReader } = await import('@aura/mongo');
  const databases = await listDatabases({ url, database: `${prefix}_${COORDINATOR}` }, `${prefix}_`);
  const names = databases.map((database) => database.slice(prefix.length + 1));
  const readers = new Map<string, MongoReader>();
  try {
    for (const name of new Set([...names, COORDINATOR]))
      readers.set(name, await openMongoReader({ url, database: `${prefix}_${name}` }));
    return await confirmedAudit(() => audit(journalsOf(readers)), pause);
  } finally {
    await Promise.all([...readers.values()].map((reader) => reader.close()));
  }
}

function journalsOf(readers: ReadonlyMap<string, MongoReader>): Parameters<typeof audit>[0] {
  const journals = new Map([...readers].map(([name, reader]) => [name, reader.journal(name)]));
  const coordinator = journals.get(COORDINATOR);
  if (coordinator === undefined) throw new TypeError('the coordinator has no reader');
  journals.delete(COORDINATOR);
  return { coordinator, participants: journals };
}
