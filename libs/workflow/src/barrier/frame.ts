import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { TellingResult, TellingRow } from '@aura/messaging';
import type { Applied } from './resource-operation';

/** Rows that are appended around the row of an operation, in one call with it where nobody else wants the resource. */
export interface Frame {
  /** In front: an operation does not count without it. */
  readonly before?: JournalRow;
  /** Behind, of what the operation changed; undefined: nothing can be said yet, and whoever asked goes on from there. */
  behind?(change: JsonValue): TellingRow | undefined;
}

/** What an operation with rows around it came to. */
export type Framed =
  /** The row in front has lost its place, so that nothing else was done. */
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'answered';
      readonly applied: Applied;
      /** Of the row behind it; absent: it has yet to be appended. */
      readonly behind?: TellingResult;
    };

/** The rows around one that makes a change. */
export function rowsAround(
  { before, behind }: Frame,
  change: JsonValue,
): { readonly front: readonly TellingRow[]; readonly last: readonly TellingRow[] } {
  const last = behind?.(change);
  return {
    front: before === undefined ? [] : [{ row: before, publish: [] }],
    last: last === undefined ? [] : [last],
  };
}
