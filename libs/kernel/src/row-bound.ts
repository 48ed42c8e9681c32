import { PayloadTooLargeError } from './errors';
import type { JournalRow } from './journal';

/** Most characters of body and payload of one row of a journal: 4 Mi, which every store takes in any script. */
export const MOST_ROW_CHARACTERS = 4 * 1024 * 1024;

/** The first of some rows that no journal takes, as the error to refuse the whole append with. */
export function rowTooLarge(rows: readonly JournalRow[]): PayloadTooLargeError | undefined {
  for (const { stream, seq, body, payload } of rows) {
    const size = body.length + (payload === undefined ? 0 : payload.length);
    if (size > MOST_ROW_CHARACTERS)
      return new PayloadTooLargeError(`row ${seq} of ${stream}`, size, MOST_ROW_CHARACTERS);
  }
  return undefined;
}
