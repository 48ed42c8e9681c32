import type { FieldCondition, FieldValue, ViewQuery } from '@aura/kernel';
import type { SqlValue } from '../sqlite/driver';
import { storedValue } from '../sqlite/stored-text';

/** A piece of SQL and the values for its question marks. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** The column of a field. */
export function column(field: string): string {
  return `"f_${field}"`;
}

/** A condition that holds when all given ones do. */
export function whereAll(conditions: readonly FieldCondition<string>[]): SqlPart {
  return all(conditions.map(condition));
}

/** Condition, order and limit of a query; `null` comes first, as in MongoDB. */
export function questionOf(query: ViewQuery<string>): SqlPart {
  const { field, direction } = query.orderBy;
  const parts = query.where.map(condition);
  if (query.after) parts.push(behind(column(field), direction, query.after));
  const where = all(parts);
  return {
    sql: `WHERE ${where.sql} ORDER BY ${column(field)} ${direction}, id ${direction} LIMIT ?`,
    values: [...where.values, query.limit],
  };
}

const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function condition({ field, op, value }: FieldCondition<string>): SqlPart {
  const name = column(field);
  if (op === 'in') return oneOf(name, isList(value) ? value : [value]);
  if (isList(value)) throw new TypeError(`${op} on ${field} takes one value, not a list`);
  if (op === 'eq') return { sql: `${name} IS ?`, values: [value] };
  return { sql: `${name} ${COMPARISONS[op]} ?`, values: [value] };
}

function oneOf(name: string, values: readonly FieldValue[]): SqlPart {
  const present = values.filter((value) => value !== null);
  const list = `${name} IN (SELECT value FROM json_each(?))`;
  return {
    sql: present.length < values.length ? `(${list} OR ${name} IS NULL)` : list,
    values: [JSON.stringify(present.map(storedValue))],
  };
}

function behind(
  name: string,
  direction: 'asc' | 'desc',
  after: NonNullable<ViewQuery<string>['after']>,
): SqlPart {
  const { value, id } = after;
  const compare = direction === 'asc' ? '>' : '<';
  const tie = `(${name} IS ? AND id ${compare} ?)`;
  if (value === null) {
    return direction === 'asc'
      ? { sql: `(${name} IS NOT NULL OR ${tie})`, values: [null, id] }
      : { sql: tie, values: [null, id] };
  }
  const nulls = direction === 'desc' ? ` OR ${name} IS NULL` : '';
  return { sql: `(${name} ${compare} ? OR ${tie}${nulls})`, values: [value, value, id] };
}

function all(parts: readonly SqlPart[]): SqlPart {
  return {
    sql: parts.length === 0 ? 'TRUE' : parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}
