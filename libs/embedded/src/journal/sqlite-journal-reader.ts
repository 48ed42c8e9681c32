import type { JournalReader, JournalRow, StreamsQuery } from '@aura/kernel';
import { integer, many, one, text } from '../sqlite/columns';
import type { SqlDatabase, SqlStatement } from '../sqlite/driver';
import { journalRow, ROW_COLUMNS } from './journal-row';

/** Behind every name that begins with a prefix: names hold no character of this code. */
const LAST = '\u{10ffff}';

/** Reads one namespace of a file that another connection, or process, writes. */
export class SqliteJournalReader implements JournalReader {
  readonly #namespace: SqlStatement;
  readonly #streams: SqlStatement;
  readonly #rows: SqlStatement;

  constructor(
    database: SqlDatabase,
    private readonly namespace: string,
    private readonly read: <T>(work: () => T) => Promise<T>,
  ) {
    this.#namespace = database.prepare('SELECT id FROM namespaces WHERE name = ?');
    this.#streams = database.prepare(
      `SELECT id, name FROM streams WHERE namespace = ? AND name >= ? AND name < ? AND name > ?
         AND EXISTS (SELECT 1 FROM journal WHERE stream = streams.id)
       ORDER BY name LIMIT ?`,
    );
    this.#rows = database.prepare(`SELECT ${ROW_COLUMNS} FROM journal WHERE stream = ? ORDER BY seq`);
  }

  page({ prefix = '', limit, afterStream = '' }: StreamsQuery): Promise<readonly (readonly JournalRow[])[]> {
    return this.read(() => {
      const known = one(this.#namespace, this.namespace);
      if (known === undefined) return [];
      const bounds = [prefix, `${prefix}${LAST}`, afterStream] as const;
      return many(this.#streams, integer(known, 'id'), ...bounds, limit).map((stream) =>
        many(this.#rows, integer(stream, 'id')).map((row) => journalRow(text(stream, 'name'), row)),
      );
    });
  }
}
