import type { AppendResult, JournalRow } from '@aura/kernel';
import { one } from '../sqlite/columns';
import type { SqlDatabase, SqlStatement } from '../sqlite/driver';
import { isSameWrite, ROW_COLUMNS } from './journal-row';
import type { Stream, Streams } from './streams';

/** Puts rows into the file; used inside a transaction only. */
export class JournalWriter {
  readonly #insert: SqlStatement;
  readonly #insertOperation: SqlStatement;
  readonly #standing: SqlStatement;

  constructor(
    database: SqlDatabase,
    private readonly streams: Streams,
  ) {
    this.#insert = database.prepare(
      `INSERT INTO journal (stream, ${ROW_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#insertOperation = database.prepare(
      'INSERT INTO operations (stream, operation, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#standing = database.prepare(`SELECT ${ROW_COLUMNS} FROM journal WHERE stream = ? AND seq = ?`);
  }

  /** Writes a row, or tells what stands at its place. */
  write(row: JournalRow): AppendResult {
    const stream = this.streams.obtain(row.stream);
    if (row.seq <= stream.head || !this.#inserted(stream.id, row)) return this.#compare(stream, row);
    for (const operation of row.operations) this.#insertOperation.run(stream.id, operation, row.seq);
    stream.head = row.seq;
    return 'appended';
  }

  #inserted(stream: number, row: JournalRow): boolean {
    const { seq, at, partition, keyId, operations, body, payload } = row;
    const { changes } = this.#insert.run(
      stream,
      seq,
      at,
      partition ?? null,
      keyId ?? null,
      JSON.stringify(operations),
      body,
      payload ?? null,
    );
    return Number(changes) === 1;
  }

  #compare(stream: Stream, row: JournalRow): AppendResult {
    const stored = one(this.#standing, stream.id, row.seq);
    return stored && isSameWrite(stored, row) ? 'appended' : 'conflict';
  }
}
