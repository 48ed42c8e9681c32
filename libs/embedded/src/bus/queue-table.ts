import {
  type Binding,
  EVENTS_EXCHANGE,
  type QueueDeclaration,
  type QueueKind,
  STEPS_EXCHANGE,
} from '@aura/messaging';
import { integer, many, one, optionalInteger, text } from '../sqlite/columns';
import type { SqlDatabase, SqlRow, SqlStatement } from '../sqlite/driver';
import type { EmbeddedQueue, HeldRow } from './embedded-queue';

/** A durable queue as the file knows it. */
export interface StoredQueue {
  readonly id: number;
  readonly declaration: QueueDeclaration;
  readonly high: number;
  readonly held: readonly HeldRow[];
}

const KINDS: ReadonlySet<string> = new Set(['work', 'tracker', 'ingress', 'crashed'] satisfies QueueKind[]);

/** The tables of durable queues and bindings. */
export class QueueTable {
  readonly #all: SqlStatement;
  readonly #find: SqlStatement;
  readonly #insert: SqlStatement;
  readonly #update: SqlStatement;
  readonly #bindings: SqlStatement;
  readonly #bind: SqlStatement;
  readonly #unbind: SqlStatement;

  constructor(database: SqlDatabase) {
    const columns = 'id, name, kind, max_length, high, held';
    this.#all = database.prepare(`SELECT ${columns} FROM queues`);
    this.#find = database.prepare(`SELECT ${columns} FROM queues WHERE name = ?`);
    this.#insert = database.prepare(
      `INSERT INTO queues (name, kind, max_length, high, held) VALUES (?, ?, ?, 0, '[]') ON CONFLICT DO NOTHING`,
    );
    this.#update = database.prepare('UPDATE queues SET high = ?, held = ? WHERE id = ?');
    this.#bindings = database.prepare('SELECT kind, exchange, key, queue FROM bindings');
    this.#bind = database.prepare(
      'INSERT INTO bindings (kind, exchange, key, queue) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#unbind = database.prepare(
      'DELETE FROM bindings WHERE kind = ? AND exchange = ? AND key = ? AND queue = ?',
    );
  }

  all(): readonly StoredQueue[] {
    return many(this.#all).map(storedQueue);
  }

  /** The queue of a declaration as it stands, made when it is new. */
  obtain({ queue, kind, maxLength }: QueueDeclaration): StoredQueue {
    this.#insert.run(queue, kind, maxLength ?? null);
    const row = one(this.#find, queue);
    if (!row) throw new TypeError(`queue ${queue} is not there`);
    return storedQueue(row);
  }

  /** Writes where a queue stands. */
  update(queue: EmbeddedQueue): void {
    const { high, held } = queue.row();
    this.#update.run(high, JSON.stringify(held), queue.id);
  }

  bindings(): readonly Binding[] {
    return many(this.#bindings).map(storedBinding);
  }

  bind(binding: Binding): void {
    this.#bind.run(...bindingColumns(binding));
  }

  unbind(binding: Binding): void {
    this.#unbind.run(...bindingColumns(binding));
  }
}

function storedQueue(row: SqlRow): StoredQueue {
  const maxLength = optionalInteger(row, 'max_length');
  return {
    id: integer(row, 'id'),
    declaration: {
      queue: text(row, 'name'),
      kind: queueKind(text(row, 'kind')),
      ...(maxLength === undefined ? {} : { maxLength }),
    },
    high: integer(row, 'high'),
    held: JSON.parse(text(row, 'held')) as readonly HeldRow[],
  };
}

function queueKind(kind: string): QueueKind {
  if (KINDS.has(kind)) return kind as QueueKind;
  throw new TypeError(`${kind} is no kind of queue`);
}

function bindingColumns(binding: Binding): [string, string, string, string] {
  return binding.kind === 'publicFace'
    ? ['publicFace', '', binding.key, '']
    : ['queue', binding.exchange, binding.key, binding.queue];
}

function storedBinding(row: SqlRow): Binding {
  const key = text(row, 'key');
  if (text(row, 'kind') === 'publicFace') return { kind: 'publicFace', key };
  const exchange = text(row, 'exchange') === EVENTS_EXCHANGE ? EVENTS_EXCHANGE : STEPS_EXCHANGE;
  return { kind: 'queue', queue: text(row, 'queue'), exchange, key };
}
