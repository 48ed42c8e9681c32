import type { TransportHeaders } from '@aura/messaging';
import { integer, many, one, optionalText, text } from '../sqlite/columns';
import type { SqlDatabase, SqlRow, SqlStatement } from '../sqlite/driver';

/** A message that waits for its time. */
export interface DelayedMessage {
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly queue: string;
  readonly headers: TransportHeaders | undefined;
  /** JSON text of the event. */
  readonly body: string;
  /** About how many bytes it takes. */
  readonly size: number;
}

/** The table of messages that wait for their time. */
export class DelayedTable {
  readonly #insert: SqlStatement;
  readonly #due: SqlStatement;
  readonly #remove: SqlStatement;
  readonly #next: SqlStatement;

  constructor(database: SqlDatabase) {
    this.#insert = database.prepare(
      'INSERT INTO delayed (due, queue, size, headers, body) VALUES (?, ?, ?, ?, ?)',
    );
    this.#due = database.prepare(
      'SELECT id, due, queue, size, headers, body FROM delayed WHERE due <= ? ORDER BY due, id LIMIT ?',
    );
    this.#remove = database.prepare('DELETE FROM delayed WHERE id = ?');
    this.#next = database.prepare('SELECT MIN(due) AS due FROM delayed');
  }

  insert({ due, queue, size, headers, body }: DelayedMessage): void {
    this.#insert.run(due, queue, size, headers ? JSON.stringify(headers) : null, body);
  }

  /** Takes out messages that are due, the oldest first. */
  takeDue(now: number, limit: number): readonly DelayedMessage[] {
    const rows = many(this.#due, now, limit);
    for (const row of rows) this.#remove.run(integer(row, 'id'));
    return rows.map(delayed);
  }

  /** When the next one is due; undefined when nothing waits. */
  nextDue(): number | undefined {
    const due = one(this.#next)?.['due'];
    return typeof due === 'number' ? due : undefined;
  }
}

function delayed(row: SqlRow): DelayedMessage {
  const headers = optionalText(row, 'headers');
  return {
    due: integer(row, 'due'),
    queue: text(row, 'queue'),
    size: integer(row, 'size'),
    headers: headers === undefined ? undefined : (JSON.parse(headers) as TransportHeaders),
    body: text(row, 'body'),
  };
}
