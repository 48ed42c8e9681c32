import type { Journal } from '@aura/kernel';

type Scanned = Pick<Journal, 'scan'>;

/**
 * When the newest row was written of those from a time on, in some partitions; undefined when there is none. Every row counts,
 * whatever stands behind it in its stream: the clock of one writer may be ahead of the next one's. Asks a question for each
 * partition, and where there is such a row some eighty more, however much the store holds. Whole ms since 1970. Errors:
 * `StoreUnavailableError`.
 */
export async function newestRowSince(
  journal: Scanned,
  partitions: readonly number[],
  since: number,
): Promise<number | undefined> {
  const ahead: number[] = [];
  for (const partition of partitions)
    if (await hasRowSince(journal, [partition], since)) ahead.push(partition);
  return ahead.length === 0 ? undefined : newest(journal, ahead, since);
}

/** There is a row from `since` on: first in steps that double, then by halves. */
async function newest(journal: Scanned, partitions: readonly number[], since: number): Promise<number> {
  let known = since;
  let step = 1;
  for (; await hasRowSince(journal, partitions, known + step); step *= 2) known += step;
  while (step > 1) {
    step /= 2;
    if (await hasRowSince(journal, partitions, known + step)) known += step;
  }
  return known;
}

async function hasRowSince(journal: Scanned, partitions: readonly number[], since: number): Promise<boolean> {
  return (await journal.scan({ partitions, since, limit: 1 })).length > 0;
}
