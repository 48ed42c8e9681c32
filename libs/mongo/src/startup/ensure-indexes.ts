import { UnsafeSetupError } from '@aura/kernel';
import { MongoServerError } from 'mongodb';
import type { Connection } from '../connection';
import { isDuplicate } from '../failures';

/** An index that must be there. All keys ascend. */
export interface RequiredIndex {
  readonly collection: string;
  readonly keys: readonly string[];
  /** Refuses a second document with the same keys. */
  readonly unique?: boolean;
  /** Leaves documents without any of the keys out. */
  readonly sparse?: boolean;
}

/** Creates indexes that are missing, and refuses when one cannot be what it must be. */
export async function ensureIndexes(
  connection: Connection,
  indexes: readonly RequiredIndex[],
): Promise<void> {
  for (const index of indexes) {
    try {
      await connection.persist(`index on ${index.collection}`, () => create(connection, index));
    } catch (error) {
      throw refusal(index, error);
    }
  }
  await Promise.all(indexes.filter((index) => index.unique).map((index) => requireUnique(connection, index)));
}

function create(
  connection: Connection,
  { collection, keys, unique, sparse }: RequiredIndex,
): Promise<string> {
  const specification = Object.fromEntries(keys.map((key) => [key, 1 as const]));
  const options = { ...(unique ? { unique } : {}), ...(sparse ? { sparse } : {}) };
  return connection.collection(collection).createIndex(specification, options);
}

/** Some servers answer an index of the same keys and other options with success; so it is looked at. */
async function requireUnique(connection: Connection, index: RequiredIndex): Promise<void> {
  const found = await connection.persist(`indexes of ${index.collection}`, () =>
    connection.collection(index.collection).listIndexes().toArray(),
  );
  const wanted = index.keys.join();
  const there = found.some((known) => {
    const keys: object = known['key'];
    return Object.keys(keys).join() === wanted && known['unique'] === true;
  });
  if (!there) throw refusal(index, undefined);
}

function refusal(index: RequiredIndex, error: unknown): unknown {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (cause !== undefined && !(cause instanceof MongoServerError)) return error;
  const name = `${index.unique ? 'unique ' : ''}index (${index.keys.join(', ')}) on ${index.collection}`;
  if (isDuplicate(cause)) {
    return new UnsafeSetupError(
      `MongoDB cannot build the ${name}: some documents have equal keys`,
      'The collection was written without its index. Find the duplicates, keep the true one of each, and start again.',
      cause,
    );
  }
  return new UnsafeSetupError(
    `MongoDB has no ${name}`,
    'Drop the index of the same keys with other options and start again; it is then created as needed.',
    cause,
  );
}
