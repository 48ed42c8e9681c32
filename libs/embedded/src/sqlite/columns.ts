import type { SqlRow, SqlStatement, SqlValue } from './driver';

/** The first row of an answer. */
export function one(statement: SqlStatement, ...values: SqlValue[]): SqlRow | undefined {
  const row = statement.get(...values);
  return isRow(row) ? row : undefined;
}

/** All rows of an answer. */
export function many(statement: SqlStatement, ...values: SqlValue[]): readonly SqlRow[] {
  return statement.all(...values).filter(isRow);
}

/** A column that holds text. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw wrong(column, 'text', value);
  return value;
}

/** A column that holds text or nothing. */
export function optionalText(row: SqlRow, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** A column that holds an integer below 2^53. */
export function integer(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw wrong(column, 'an integer', value);
  return value;
}

/** A column that holds an integer or nothing. */
export function optionalInteger(row: SqlRow, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

function isRow(row: unknown): row is SqlRow {
  return typeof row === 'object' && row !== null;
}

function wrong(column: string, expected: string, value: unknown): TypeError {
  return new TypeError(`column ${column} should hold ${expected} and holds ${typeof value}`);
}
