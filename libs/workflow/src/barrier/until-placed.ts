import { StoreUnavailableError, stepStream } from '@aura/kernel';
import type { Journal, JournalRow, StepKey } from '@aura/kernel';

/** How often racing writers of one step may beat each other before it counts as the store's fault. */
const MOST_RACES = 50;

/**
 * Tries on the rows of a step as long as others are quicker (undefined). `first`: rows that need not be read. Errors:
 * `StoreUnavailableError` after 50 tries.
 */
export async function untilPlaced<T>(
  journal: Journal,
  key: StepKey,
  attempt: (rows: readonly JournalRow[]) => Promise<T | undefined>,
  first?: readonly JournalRow[],
): Promise<T> {
  const stream = stepStream(key);
  let known = first;
  for (let race = 0; race < MOST_RACES; race++) {
    const done = await attempt(known ?? (await journal.read(stream)));
    if (done !== undefined) return done;
    known = undefined;
  }
  throw new StoreUnavailableError(`the journal of ${stream} gave no place in ${MOST_RACES} tries`);
}
