import type { Journal } from '@aura/kernel';
import { present } from '../machine/present';

/** Streams of one page. */
const PAGE = 500;

/**
 * When the newest row was written of those from a time on, in partitions 0 to `count` - 1; undefined when there is none. Only the
 * last row of each stream is looked at: an earlier one of a writer whose clock was ahead may be of a later time. Times in ms
 * since 1970. Errors: `StoreUnavailableError`.
 */
export async function newestRowSince(
  journal: Pick<Journal, 'scan'>,
  count: number,
  since: number,
): Promise<number | undefined> {
  const partitions = Array.from({ length: count }, (_value, n) => n);
  let newest: number | undefined;
  let afterStream: string | undefined;
  for (;;) {
    const heads = await journal.scan({ partitions, since, limit: PAGE, ...present({ afterStream }) });
    for (const { at } of heads) newest = Math.max(newest ?? since, at);
    if (heads.length < PAGE) return newest;
    afterStream = heads.at(-1)?.stream;
  }
}
