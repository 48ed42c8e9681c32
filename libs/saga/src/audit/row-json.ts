import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';

/** Members of a JSON object. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** The members of a value; none of anything but an object. */
export function membersOf(value: JsonValue | undefined): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** The items of a value; none of anything but a list. */
export function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The members of a row's body. */
export function bodyOf({ body }: JournalRow): Members {
  return membersOf(JSON.parse(body) as JsonValue);
}

/** The body of the row that performs an operation; undefined when none does. */
export function bodyWith(rows: readonly JournalRow[], operation: string): Members | undefined {
  const row = rows.find(({ operations }) => operations.includes(operation));
  return row === undefined ? undefined : bodyOf(row);
}
