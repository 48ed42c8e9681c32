import type { SqlValue } from './sql-value';

/** Stands for a NUL in front of 0, and for itself in front of 1; anywhere else it is itself. */
const MARK = '\u0001';
const NUL = '\u0000';

/**
 * A value as it is stored. SQLite's functions end a text at a NUL, and so does the prebuilt package where it takes one, so that
 * names that differ only behind it would be one; none is stored.
 */
export function storedValue(value: SqlValue): SqlValue {
  if (typeof value !== 'string' || !(value.includes(NUL) || value.includes(MARK))) return value;
  return value.replace(/\u0000|\u0001(?=[01])/g, (found) => MARK + (found === NUL ? '0' : '1'));
}

/** A row as it was before it was stored; undefined: there is none. */
export function givenRow(row: unknown): unknown {
  if (row === undefined || row === null) return row;
  const values = row as Record<string, SqlValue>;
  for (const column in values) {
    const value = values[column];
    if (typeof value === 'string' && value.includes(MARK)) values[column] = givenText(value);
  }
  return values;
}

function givenText(text: string): string {
  return text.replace(/\u0001([01])/g, (_, digit) => (digit === '0' ? NUL : MARK));
}
