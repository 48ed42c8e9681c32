import type { JournalRow } from '@aura/kernel';
import { integer, optionalInteger, optionalText, text } from '../sqlite/columns';
import type { SqlRow } from '../sqlite/driver';

/** Columns that a row is made of, in the order of the table. */
export const ROW_COLUMNS = 'seq, at, partition, key_id, operations, body, payload';

/** A row as it was appended. */
export function journalRow(stream: string, row: SqlRow): JournalRow {
  const payload = optionalText(row, 'payload');
  const keyId = optionalText(row, 'key_id');
  const partition = optionalInteger(row, 'partition');
  return {
    stream,
    seq: integer(row, 'seq'),
    at: integer(row, 'at'),
    operations: operationsOf(text(row, 'operations')),
    body: text(row, 'body'),
    ...(payload === undefined ? {} : { payload }),
    ...(keyId === undefined ? {} : { keyId }),
    ...(partition === undefined ? {} : { partition }),
  };
}

/** Whether a stored row is the same write as a given one. */
export function isSameWrite(stored: SqlRow, row: JournalRow): boolean {
  return (
    stored['at'] === row.at &&
    stored['body'] === row.body &&
    stored['payload'] === (row.payload ?? null) &&
    stored['operations'] === JSON.stringify(row.operations)
  );
}

function operationsOf(json: string): readonly string[] {
  const operations: unknown = JSON.parse(json);
  if (!Array.isArray(operations)) throw new TypeError('operations of a row are no list');
  return operations.map(String);
}
