import type { StreamHead } from '@aura/kernel';
import { integer, many, one, text } from '../sqlite/columns';
import type { SqlDatabase, SqlStatement } from '../sqlite/driver';

/** What {@link StreamScan.run} looks for. */
export interface ScanQuery {
  readonly partitions: readonly number[];
  readonly since: number;
  readonly limit: number;
  readonly afterStream?: string;
}

/** Rows since a time up to which going through all of them is cheaper than walking over all streams. */
const FEW_ROWS = 20_000;

const PARTITIONS = 'SELECT value FROM json_each(?)';
const HEAD = `seq, (SELECT at FROM journal WHERE stream = found.id AND journal.seq = found.seq) AS at`;
const NEWEST = '(SELECT MAX(seq) FROM journal WHERE stream = s.id) AS seq';

/** Lists streams by partition and time, along the cheaper of two roads. */
export class StreamScan {
  readonly #rows: SqlStatement;
  readonly #byTime: SqlStatement;
  readonly #byName: SqlStatement;

  constructor(
    database: SqlDatabase,
    private readonly namespace: number,
  ) {
    const recent = `partition IN (${PARTITIONS}) AND at >= ?`;
    this.#rows = database.prepare(
      `SELECT COUNT(*) AS count FROM (SELECT 1 FROM journal WHERE ${recent} LIMIT ${FEW_ROWS})`,
    );
    this.#byTime = database.prepare(
      `SELECT name, ${HEAD} FROM (
         SELECT s.id, s.name, ${NEWEST} FROM streams s
         WHERE s.id IN (SELECT stream FROM journal WHERE ${recent}) AND s.namespace = ? AND s.name > ?
         ORDER BY s.name LIMIT ?
       ) found`,
    );
    this.#byName = database.prepare(
      `SELECT name, ${HEAD} FROM (
         SELECT s.id, s.name, ${NEWEST} FROM streams s
         WHERE s.namespace = ? AND s.name > ?
           AND EXISTS (SELECT 1 FROM journal WHERE stream = s.id AND +partition IN (${PARTITIONS}) AND +at >= ?)
         ORDER BY s.name LIMIT ?
       ) found`,
    );
  }

  run({ partitions, since, limit, afterStream = '' }: ScanQuery): readonly StreamHead[] {
    const list = JSON.stringify(partitions);
    const found = one(this.#rows, list, since);
    const rows =
      found && integer(found, 'count') < FEW_ROWS
        ? many(this.#byTime, list, since, this.namespace, afterStream, limit)
        : many(this.#byName, this.namespace, afterStream, list, since, limit);
    return rows.map((row) => ({
      stream: text(row, 'name'),
      seq: integer(row, 'seq'),
      at: integer(row, 'at'),
    }));
  }
}
