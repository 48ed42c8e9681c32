import type { StreamHead } from '@aura/kernel';
import type { Connection } from '../connection';
import { JOURNAL, scoped } from './row-document';
import type { RowDocument } from './row-document';

/** Heads asked in one query. */
const HEADS = 100;

/** What `scan` of the journal port takes. */
export interface ScanQuery {
  readonly partitions: readonly number[];
  readonly since: number;
  readonly limit: number;
  readonly afterStream?: string;
}

/** A stream and a position it has reached at least. */
interface Found {
  readonly _id: string;
  readonly q: number;
}

/** Streams with a row of the partitions since a time, by name, each with its newest position. */
export async function scanStreams(
  connection: Connection,
  namespace: string,
  query: ScanQuery,
): Promise<readonly StreamHead[]> {
  const lists = await Promise.all(
    query.partitions.map((partition) =>
      streamsOf(connection, scoped(namespace, partition), namespace, query),
    ),
  );
  const found = new Map<string, number>();
  for (const { _id, q } of lists.flat()) found.set(_id, Math.max(q, found.get(_id) ?? 0));
  const page = [...found]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .slice(0, query.limit);
  const heads = await newest(connection, page);
  return heads.map(({ s, q, at }) => ({ stream: s.slice(namespace.length + 1), seq: q, at }));
}

/** One partition at a time: an equality and a range are what every server answers by index. */
function streamsOf(
  connection: Connection,
  partition: string,
  namespace: string,
  { since, limit, afterStream }: ScanQuery,
): Promise<Found[]> {
  const behind = afterStream === undefined ? {} : { s: { $gt: scoped(namespace, afterStream) } };
  const rows = connection.collection<RowDocument>(JOURNAL);
  return connection.persist('scan of the journals', () =>
    rows
      .aggregate<Found>([
        { $match: { p: partition, t: { $gte: since }, ...behind } },
        { $group: { _id: '$s', q: { $max: '$q' } } },
        { $sort: { _id: 1 } },
        { $limit: limit },
      ])
      .toArray(),
  );
}

/** The newest rows of streams; a writer's clock may go back, so rows before `since` may be newer. */
async function newest(
  connection: Connection,
  page: readonly (readonly [string, number])[],
): Promise<readonly Pick<RowDocument, 's' | 'q' | 'at'>[]> {
  const rows = connection.collection<RowDocument>(JOURNAL);
  const heads = new Map<string, Pick<RowDocument, 's' | 'q' | 'at'>>();
  for (let n = 0; n < page.length; n += HEADS) {
    const branches = page.slice(n, n + HEADS).map(([s, q]) => ({ s, q: { $gte: q } }));
    const found = await connection.persist('scan of the journals', () =>
      rows.find({ $or: branches }, { projection: { _id: 0, s: 1, q: 1, at: 1 } }).toArray(),
    );
    for (const row of found) if (row.q >= (heads.get(row.s)?.q ?? 0)) heads.set(row.s, row);
  }
  return page.flatMap(([s]) => heads.get(s) ?? []);
}
