import { encodeStructuredText } from '@aura/contracts';
import type { TransportHeaders } from '@aura/messaging';
import { integer, many, one, optionalText, text } from '../sqlite/columns';
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from '../sqlite/driver';
import type { EmbeddedQueue, QueueReader } from './embedded-queue';
import { type Content, Message, storedEvent, type Target } from './message';

/** Position and targets of a stored message. */
export interface MessageHead {
  readonly seq: number;
  readonly targets: readonly number[];
}

const COLUMNS = 'seq, targets, size, headers, content_type, raw_headers, body';

/** The table of events: one row a message, however many queues read it. */
export class EventTable implements QueueReader {
  readonly #insert: SqlStatement;
  readonly #sizes: SqlStatement;
  readonly #page: SqlStatement;
  readonly #find: SqlStatement;
  readonly #remove: SqlStatement;
  readonly #heads: SqlStatement;

  constructor(
    database: SqlDatabase,
    /** The queue of a number; undefined when it has gone. */
    private readonly queueOf: (id: number) => Target | undefined,
  ) {
    const behind = 'FROM events WHERE seq > ? AND instr(targets, ?) > 0';
    this.#insert = database.prepare(`INSERT INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#sizes = database.prepare(`SELECT seq, size ${behind} ORDER BY seq LIMIT ?`);
    this.#page = database.prepare(`SELECT ${COLUMNS} ${behind} AND seq <= ? ORDER BY seq`);
    this.#find = database.prepare(`SELECT ${COLUMNS} FROM events WHERE seq = ?`);
    this.#remove = database.prepare('DELETE FROM events WHERE seq BETWEEN ? AND ?');
    this.#heads = database.prepare('SELECT seq, targets FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
  }

  /** Stores a message under its position. `body` is the JSON text of an event of ours. */
  insert(message: Message, body: string | undefined): void {
    const { content, headers, seq, size, targets } = message;
    const raw = content.kind === 'raw' ? content.raw : undefined;
    this.#insert.run(
      seq,
      targetsText(targets),
      size,
      Object.keys(headers).length === 0 ? null : JSON.stringify(headers),
      raw?.contentType ?? null,
      raw ? JSON.stringify(raw.headers) : null,
      raw ? raw.bytes : (body ?? bodyOf(content)),
    );
  }

  page(queue: EmbeddedQueue, afterSeq: number, most: { count: number; bytes: number }): readonly Message[] {
    const mark = `,${queue.id},`;
    let bytes = 0;
    const sizes = many(this.#sizes, afterSeq, mark, most.count);
    const chosen = sizes.filter((row, index) => index === 0 || (bytes += integer(row, 'size')) <= most.bytes);
    const last = chosen.at(-1);
    if (!last) return [];
    return many(this.#page, afterSeq, mark, integer(last, 'seq')).map((row) => this.#message(row));
  }

  /** The message at a position. */
  find(seq: number): Message | undefined {
    const row = one(this.#find, seq);
    return row && this.#message(row);
  }

  /** Removes messages; neighbours go in one step. */
  remove(seqs: readonly number[]): void {
    const sorted = Float64Array.from(seqs).sort();
    for (let i = 0; i < sorted.length; i++) {
      const first = sorted[i] ?? 0;
      let last = first;
      for (; sorted[i + 1] === last + 1; i++) last += 1;
      this.#remove.run(first, last);
    }
  }

  /** Positions and targets of all messages, in order. */
  *heads(): Iterable<MessageHead> {
    const step = 5000;
    for (let after = -1, rows = many(this.#heads, after, step); rows.length > 0;) {
      for (const row of rows) {
        after = integer(row, 'seq');
        yield { seq: after, targets: idsOf(text(row, 'targets')) };
      }
      rows = many(this.#heads, after, step);
    }
  }

  #message(row: SqlRow): Message {
    const targets = idsOf(text(row, 'targets')).map((id) => this.queueOf(id) ?? gone(id));
    const headers = optionalText(row, 'headers');
    const message = new Message(
      contentOf(row),
      targets,
      integer(row, 'size'),
      headers === undefined ? undefined : (JSON.parse(headers) as TransportHeaders),
    );
    message.seq = integer(row, 'seq');
    return message;
  }
}

function contentOf(row: SqlRow): Content {
  const rawHeaders = optionalText(row, 'raw_headers');
  if (rawHeaders === undefined) return { kind: 'event', event: storedEvent(text(row, 'body')) };
  return {
    kind: 'raw',
    raw: {
      bytes: bytesOf(row['body']),
      contentType: optionalText(row, 'content_type'),
      headers: JSON.parse(rawHeaders) as Record<string, unknown>,
    },
  };
}

function bodyOf(content: Content): string {
  if (content.kind === 'event' && content.event.ok) return encodeStructuredText(content.event.value);
  throw new TypeError('a message without event has no body');
}

function bytesOf(value: SqlValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError('the body of a foreign message is not bytes');
}

function targetsText(targets: readonly Target[]): string {
  return targets.length === 1 ? `,${targets[0]?.id},` : `,${targets.map(({ id }) => id).join(',')},`;
}

function idsOf(targets: string): readonly number[] {
  return targets.split(',').filter(Boolean).map(Number);
}

function gone(id: number): Target {
  return { id, hasSettled: () => true };
}
