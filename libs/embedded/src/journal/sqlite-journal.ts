import { rowTooLarge } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow, Snapshot, StreamHead } from '@aura/kernel';
import { integer, many, one, text } from '../sqlite/columns';
import type { SqlStatement } from '../sqlite/driver';
import type { EmbeddedStore } from '../store/embedded-store';
import { journalRow, ROW_COLUMNS } from './journal-row';
import { JournalWriter } from './journal-writer';
import { type ScanQuery, StreamScan } from './stream-scan';
import { Streams } from './streams';

/** The journal of one namespace in the SQLite file. Appends of one turn share a transaction. */
export class SqliteJournal implements Journal {
  readonly #streams: Streams;
  readonly #writer: JournalWriter;
  readonly #scan: StreamScan;
  readonly #read: SqlStatement;
  readonly #byOperation: SqlStatement;
  readonly #saveSnapshot: SqlStatement;
  readonly #loadSnapshot: SqlStatement;

  constructor(
    private readonly store: EmbeddedStore,
    namespace: string,
  ) {
    const { database } = store;
    const id = store.namespace(namespace);
    this.#streams = new Streams(database, id);
    this.#writer = new JournalWriter(database, this.#streams);
    this.#scan = new StreamScan(database, id);
    this.#read = database.prepare(
      `SELECT ${ROW_COLUMNS} FROM journal WHERE stream = ? AND seq > ? ORDER BY seq`,
    );
    this.#byOperation = database.prepare(
      `SELECT ${ROW_COLUMNS} FROM journal WHERE stream = ?1
       AND seq = (SELECT seq FROM operations WHERE stream = ?1 AND operation = ?2)`,
    );
    this.#saveSnapshot = database.prepare(
      `INSERT INTO snapshots (stream, seq, fold_version, state) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET seq = excluded.seq, fold_version = excluded.fold_version, state = excluded.state
       WHERE excluded.seq >= seq`,
    );
    this.#loadSnapshot = database.prepare('SELECT seq, fold_version, state FROM snapshots WHERE stream = ?');
    store.commits.join({
      beforeCommit: () => undefined,
      committed: () => undefined,
      rolledBack: () => this.#streams.forget(),
      outcome: () => undefined,
    });
  }

  append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    return this.appendEach(rows, (result) => result);
  }

  appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    return this.appendEachInOrder(rows, (result) => result);
  }

  /** Whether it stands in a file. */
  isIn(store: EmbeddedStore): boolean {
    return this.store === store;
  }

  /**
   * Appends as {@link append}. `behind` is told in the same transaction what became of the n-th row, and may write more;
   * what it answers is the row's result.
   */
  appendEach<T>(
    rows: readonly JournalRow[],
    behind: (result: AppendResult, n: number) => T,
  ): Promise<readonly T[]> {
    const twice = rows.length > 1 ? firstTwice(rows) : undefined;
    if (twice !== undefined) {
      return Promise.reject(new TypeError(`one append holds two rows of stream ${twice}`));
    }
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) return Promise.reject(tooLarge);
    if (rows.length === 0) return Promise.resolve([]);
    return this.store.commits.run(() => rows.map((row, n) => behind(this.#writer.write(row), n)));
  }

  /** Appends as {@link appendInOrder}; `behind` as with {@link appendEach}. */
  appendEachInOrder<T>(
    rows: readonly JournalRow[],
    behind: (result: AppendResult, n: number) => T,
  ): Promise<readonly T[]> {
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) return Promise.reject(tooLarge);
    return this.store.commits.run(() => {
      const results: T[] = [];
      for (const [n, row] of rows.entries()) {
        const result = this.#writer.write(row);
        results.push(behind(result, n));
        if (result === 'conflict') break;
      }
      return results;
    });
  }

  read(stream: string, afterSeq = 0): Promise<readonly JournalRow[]> {
    return this.store.read(() => this.#rows(stream, afterSeq));
  }

  readMany(streams: readonly string[]): Promise<ReadonlyMap<string, readonly JournalRow[]>> {
    return this.store.read(() => {
      const found = streams.map((stream) => [stream, this.#rows(stream, 0)] as const);
      return new Map(found.filter(([, rows]) => rows.length > 0));
    });
  }

  findOperation(stream: string, operation: string): Promise<JournalRow | undefined> {
    return this.store.read(() => {
      const known = this.#streams.find(stream);
      const row = known && one(this.#byOperation, known.id, operation);
      return row && journalRow(stream, row);
    });
  }

  head(stream: string): Promise<number> {
    return this.store.read(() => this.#streams.find(stream)?.head ?? 0);
  }

  scan(query: ScanQuery): Promise<readonly StreamHead[]> {
    return this.store.read(() => this.#scan.run(query));
  }

  saveSnapshot({ stream, seq, foldVersion, state }: Snapshot): Promise<void> {
    return this.store.commits.run(() => {
      this.#saveSnapshot.run(this.#streams.obtain(stream).id, seq, foldVersion, state);
    });
  }

  loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    return this.store.read(() => {
      const known = this.#streams.find(stream);
      const row = known && one(this.#loadSnapshot, known.id);
      return (
        row && {
          stream,
          seq: integer(row, 'seq'),
          state: text(row, 'state'),
          foldVersion: integer(row, 'fold_version'),
        }
      );
    });
  }

  #rows(stream: string, afterSeq: number): readonly JournalRow[] {
    const known = this.#streams.find(stream);
    if (!known || known.head <= afterSeq) return [];
    return many(this.#read, known.id, afterSeq).map((row) => journalRow(stream, row));
  }
}

function firstTwice(rows: readonly JournalRow[]): string | undefined {
  const seen = new Set<string>();
  return rows.find(({ stream }) => seen.size === seen.add(stream).size)?.stream;
}
