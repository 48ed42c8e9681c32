import type {
  FieldCondition,
  FieldValue,
  ViewDefinition,
  ViewQuery,
  ViewRecord,
  ViewStore,
} from '@aura/kernel';
import { LRUCache } from 'lru-cache';
import { integer, many, one, text } from '../sqlite/columns';
import type { SqlRow, SqlStatement } from '../sqlite/driver';
import type { EmbeddedStore } from '../store/embedded-store';
import { column, questionOf, whereAll } from './view-query';

/** Different questions whose statements are kept. */
const QUESTIONS = 64;
/** What the views whose last write is remembered weigh at most, bytes; those of one collection. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;

/** One collection of views: a table with a column for each field. */
export class SqliteViewStore<F extends string> implements ViewStore<F> {
  readonly #fields: readonly F[];
  readonly #columns: string;
  readonly #put: SqlStatement;
  readonly #get: SqlStatement;
  readonly #remove: SqlStatement;
  readonly #questions = new LRUCache<string, SqlStatement>({ max: QUESTIONS });
  /** Views as they were written here last; where another version stands by now, they are written whole. */
  readonly #written = new LRUCache<string, ViewRecord<F>>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: approximateBytes,
  });

  constructor(
    private readonly store: EmbeddedStore,
    private readonly table: string,
    definition: ViewDefinition<F>,
  ) {
    this.#fields = fieldsOf(definition);
    const columns = ['version', 'body', ...this.#fields.map(column)];
    this.#columns = ['id', ...columns].join(', ');
    const marks = Array.from({ length: columns.length + 1 }, () => '?').join(', ');
    const sets = columns.map((name) => `${name} = excluded.${name}`).join(', ');
    this.#put = store.database.prepare(
      `INSERT INTO ${table} (${this.#columns}) VALUES (${marks})
       ON CONFLICT (id) DO UPDATE SET ${sets} WHERE excluded.version > version`,
    );
    this.#get = store.database.prepare(`SELECT ${this.#columns} FROM ${table} WHERE id = ?`);
    this.#remove = store.database.prepare(`DELETE FROM ${table} WHERE id = ?`);
  }

  put(records: readonly ViewRecord<F>[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return this.store.commits.run(() => records.forEach((record) => this.#write(record)));
  }

  get(id: string): Promise<ViewRecord<F> | undefined> {
    return this.store.read(() => {
      const row = one(this.#get, id);
      return row && this.#record(row);
    });
  }

  find(query: ViewQuery<F>): Promise<readonly ViewRecord<F>[]> {
    return this.store.read(() => {
      const { sql, values } = questionOf(query);
      const statement = this.#question(`SELECT ${this.#columns} FROM ${this.table} ${sql}`);
      return many(statement, ...values).map((row) => this.#record(row));
    });
  }

  count(where: readonly FieldCondition<F>[]): Promise<number> {
    return this.store.read(() => {
      const { sql, values } = whereAll(where);
      const statement = this.#question(`SELECT COUNT(*) AS count FROM ${this.table} WHERE ${sql}`);
      const row = one(statement, ...values);
      return row ? integer(row, 'count') : 0;
    });
  }

  remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    return this.store.commits.run(() => {
      for (const id of ids) {
        this.#remove.run(id);
        this.#written.delete(id);
      }
    });
  }

  #write(record: ViewRecord<F>): void {
    const standing = this.#written.get(record.id);
    const isWritten = standing !== undefined && this.#replaced(standing, record);
    if (isWritten || this.#putWhole(record)) this.#written.set(record.id, record);
    else this.#written.delete(record.id);
  }

  /** Sets only what differs, so that the indexes over other fields need no writing; false where another version stands. */
  #replaced(standing: ViewRecord<F>, { id, version, body, fields }: ViewRecord<F>): boolean {
    if (version <= standing.version) return false;
    const changed = this.#fields.filter((field) => fields[field] !== standing.fields[field]);
    const sets = ['version', 'body', ...changed.map(column)].map((name) => `${name} = ?`).join(', ');
    const update = this.#question(`UPDATE ${this.table} SET ${sets} WHERE id = ? AND version = ?`);
    const values = changed.map((field) => fields[field]);
    return Number(update.run(version, body, ...values, id, standing.version).changes) === 1;
  }

  #putWhole({ id, version, body, fields }: ViewRecord<F>): boolean {
    const values = this.#fields.map((field) => fields[field]);
    return Number(this.#put.run(id, version, body, ...values).changes) === 1;
  }

  #question(sql: string): SqlStatement {
    const known = this.#questions.get(sql);
    if (known) return known;
    const statement = this.store.database.prepare(sql);
    this.#questions.set(sql, statement);
    return statement;
  }

  #record(row: SqlRow): ViewRecord<F> {
    const fields = Object.fromEntries(this.#fields.map((field) => [field, fieldValue(row, `f_${field}`)]));
    return {
      id: text(row, 'id'),
      version: integer(row, 'version'),
      fields: fields as Record<F, FieldValue>,
      body: text(row, 'body'),
    };
  }
}

function fieldsOf<F extends string>(definition: ViewDefinition<F>): readonly F[] {
  return Object.keys(definition.fields) as F[];
}

function fieldValue(row: SqlRow, name: string): FieldValue {
  const value = row[name];
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`column ${name} holds ${typeof value}`);
}

/** A character takes at most two bytes in memory. */
function approximateBytes({ id, body, fields }: ViewRecord<string>): number {
  let characters = id.length + body.length;
  for (const value of Object.values(fields)) if (typeof value === 'string') characters += value.length;
  return 200 + 2 * characters;
}
