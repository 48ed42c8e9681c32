import type { MongoClient } from 'mongodb';
import type { StoredRow } from './stored-row';

interface RowDocument {
  /** Namespace, `/`, stream. */
  readonly s: string;
  readonly q: number;
  readonly o: readonly string[];
  readonly b: string;
  readonly d?: string;
}

/** Hands out every row of every journal in the databases of an installation; rows of one stream in their order. */
export async function eachMongoRow(
  mongo: MongoClient,
  prefix: string,
  take: (row: StoredRow) => void,
): Promise<void> {
  const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
  for (const { name } of databases.filter((database) => database.name.startsWith(`${prefix}_`))) {
    const rows = mongo
      .db(name)
      .collection<RowDocument>('journal')
      .find({}, { sort: { s: 1, q: 1 } });
    for await (const row of rows) take(storedRow(row));
  }
}

function storedRow({ s, q, o, b, d }: RowDocument): StoredRow {
  const slash = s.indexOf('/');
  const row = { owner: s.slice(0, slash), stream: s.slice(slash + 1), seq: q, operations: o, body: b };
  return d === undefined ? row : { ...row, payload: d };
}
