import type { JournalReader, JournalRow, StreamsQuery } from '@aura/kernel';
import type { Connection } from '../connection';
import { JOURNAL, scoped, toRow } from './row-document';
import type { RowDocument } from './row-document';
import type { RowReader } from './row-reader';

/** Behind every name that begins with a prefix: names hold no character of this code. */
const LAST = '\u{10ffff}';

/** Reads the journals of one namespace. A stream is found by its first row: every stream has exactly one. */
export class MongoJournalReader implements JournalReader {
  constructor(
    private readonly connection: Connection,
    private readonly reader: RowReader,
    private readonly namespace: string,
  ) {}

  async page({ prefix = '', limit, afterStream }: StreamsQuery): Promise<readonly (readonly JournalRow[])[]> {
    const first = scoped(this.namespace, prefix);
    const behind = afterStream === undefined ? {} : { $gt: scoped(this.namespace, afterStream) };
    const filter = { s: { $gte: first, $lt: `${first}${LAST}`, ...behind }, q: 1 };
    const found = await this.connection.persist('page of the journals', () =>
      this.connection
        .collection<RowDocument>(JOURNAL)
        .find(filter, { projection: { _id: 0, s: 1 } })
        .sort({ s: 1 })
        .limit(limit)
        .toArray(),
    );
    const streams = await Promise.all(found.map(({ s }) => this.reader.stream(s, 0)));
    return streams.map((rows) => rows.map((row) => toRow(this.namespace, row)));
  }
}
