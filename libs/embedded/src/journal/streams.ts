import { LRUCache } from 'lru-cache';
import { integer, one } from '../sqlite/columns';
import type { SqlDatabase, SqlStatement } from '../sqlite/driver';

/** A stream by its number, and its newest position. The file has one owner, so what is remembered is true. */
export interface Stream {
  readonly id: number;
  head: number;
}

/** Streams whose number and head stay in memory. */
const REMEMBERED = 16_384;

/** Numbers and heads of the streams of one namespace: rows and indexes hold a number instead of a name. */
export class Streams {
  readonly #recent = new LRUCache<string, Stream>({ max: REMEMBERED });
  readonly #find: SqlStatement;
  readonly #insert: SqlStatement;

  constructor(
    database: SqlDatabase,
    private readonly namespace: number,
  ) {
    this.#find = database.prepare(
      `SELECT id, (SELECT COALESCE(MAX(seq), 0) FROM journal WHERE stream = streams.id) AS head
       FROM streams WHERE namespace = ? AND name = ?`,
    );
    this.#insert = database.prepare('INSERT INTO streams (namespace, name) VALUES (?, ?)');
  }

  /** The stream of a name; undefined when nothing was ever written to it. */
  find(name: string): Stream | undefined {
    const known = this.#recent.get(name);
    if (known) return known;
    const row = one(this.#find, this.namespace, name);
    return row && this.#remember(name, { id: integer(row, 'id'), head: integer(row, 'head') });
  }

  /** The stream of a name, made when it is new. Inside a transaction only. */
  obtain(name: string): Stream {
    const known = this.find(name);
    if (known) return known;
    const { lastInsertRowid } = this.#insert.run(this.namespace, name);
    return this.#remember(name, { id: Number(lastInsertRowid), head: 0 });
  }

  /** Forgets what is in memory: it may speak of a transaction that was rolled back. */
  forget(): void {
    this.#recent.clear();
  }

  #remember(name: string, stream: Stream): Stream {
    this.#recent.set(name, stream);
    return stream;
  }
}
