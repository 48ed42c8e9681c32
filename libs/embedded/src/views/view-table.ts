import type { ViewDefinition } from '@aura/kernel';
import { many, text } from '../sqlite/columns';
import type { SqlDatabase } from '../sqlite/driver';
import { column } from './view-query';

const NAME = /^[a-z][a-z0-9_]*$/;
const FIELD = /^[a-z][A-Za-z0-9_]*$/;

/**
 * Makes or widens the table of a view collection; answers its quoted name. Older views have null in new fields. One transaction, so that the
 * file is waited for once, and a table is never half widened.
 */
export function prepareViewTable(
  database: SqlDatabase,
  namespace: number,
  definition: ViewDefinition,
): string {
  checkNames(definition);
  const name = `view_${namespace}_${definition.name}`;
  database.exec('BEGIN');
  try {
    prepare(database, name, definition);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
  return `"${name}"`;
}

function prepare(database: SqlDatabase, name: string, { fields, indexes }: ViewDefinition): void {
  const table = `"${name}"`;
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (
       row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL
     )`,
  );
  const present = new Set(
    many(database.prepare('SELECT name FROM pragma_table_info(?)'), name).map((row) => text(row, 'name')),
  );
  for (const [field, type] of Object.entries(fields)) {
    if (present.has(`f_${field}`)) continue;
    database.exec(
      `ALTER TABLE ${table} ADD COLUMN ${column(field)} ${type === 'integer' ? 'INTEGER' : 'TEXT'}`,
    );
  }
  for (const of of indexes) {
    const columns = [...of.map(column), 'id'].join(', ');
    database.exec(`CREATE INDEX IF NOT EXISTS "${name}__${of.join('__')}" ON ${table} (${columns})`);
  }
}

function checkNames({ name, fields, indexes }: ViewDefinition): void {
  if (!NAME.test(name)) throw new TypeError(`the name of view ${name} must match ${NAME.source}`);
  const wrong = Object.keys(fields).find((field) => !FIELD.test(field));
  if (wrong !== undefined) throw new TypeError(`${wrong} of view ${name} must match ${FIELD.source}`);
  const unknown = indexes.flat().find((field) => !(field in fields));
  if (unknown !== undefined)
    throw new TypeError(`view ${name} has an index over ${unknown}, which is no field`);
}
