import { UnsafeSetupError } from '@aura/kernel';
import { CLAIM_CHUNKS } from '../mongo-claim-check';
import type { Connection } from '../connection';
import { isDuplicate } from '../failures';
import { JOURNAL } from '../journal/row-document';
import { ensureIndexes } from './ensure-indexes';
import type { RequiredIndex } from './ensure-indexes';

/** A step from one version of the stored form to the next. It may run twice, and beside itself. */
export interface Migration {
  /** The version that stands behind it; the first is 1, without gaps. */
  readonly to: number;
  readonly run: (connection: Connection) => Promise<void>;
}

const META = 'aura.meta';
const SCHEMA = 'schema';

/** Indexes of this release. Looked at by every start, because somebody may have dropped one. */
export const requiredIndexes: readonly RequiredIndex[] = [
  { collection: JOURNAL, keys: ['s', 'q'], unique: true },
  { collection: JOURNAL, keys: ['s', 'o'] },
  { collection: JOURNAL, keys: ['p', 't'], sparse: true },
  { collection: CLAIM_CHUNKS, keys: ['files_id', 'n'], unique: true },
];

/** All migrations so far; the last one's version is what this release reads and writes. */
export const migrations: readonly Migration[] = [
  { to: 1, run: (connection) => ensureIndexes(connection, requiredIndexes) },
];

/** Brings an older database forward step by step; refuses one that a newer release has written. */
export async function migrate(
  connection: Connection,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const newest = steps.at(-1)?.to ?? 0;
  const found = await storedVersion(connection);
  if (found > newest) {
    throw new UnsafeSetupError(
      `database ${connection.options.database} has schema version ${found}, this release knows ${newest}`,
      'Run the release that wrote it, or a newer one. Going back needs a restore from before the update.',
    );
  }
  for (const step of steps.filter(({ to }) => to > found)) {
    await step.run(connection);
    await setVersion(connection, step.to);
  }
}

function meta(connection: Connection) {
  return connection.collection<{ readonly _id: string; readonly version: number }>(META);
}

async function storedVersion(connection: Connection): Promise<number> {
  const found = await connection.persist('schema version', () => meta(connection).findOne({ _id: SCHEMA }));
  return found?.version ?? 0;
}

/** Only forward: another process may be further already. */
async function setVersion(connection: Connection, version: number): Promise<void> {
  await connection.persist('schema version', async () => {
    try {
      const guard = { _id: SCHEMA, version: { $lt: version } };
      await meta(connection).updateOne(guard, { $set: { version } }, { upsert: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  });
}
