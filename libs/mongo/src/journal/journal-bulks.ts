import { Coalescer } from '../coalescer';
import type { Connection } from '../connection';
import { MAX_BULK_BYTES } from './standing-rows';

/** What is gathered into bulk inserts of a journal. */
interface Gathered<Q, A> {
  readonly run: (batch: readonly Q[]) => Promise<readonly A[]>;
  /** Bytes of one. */
  readonly weigh: (one: Q) => number;
  /** Most of one bulk. */
  readonly most: number;
}

/** Gathers what is to be appended to journals into bulks that one message holds, of which several may be under way. */
export function journalBulks<Q, A>(
  connection: Connection,
  { run, weigh, most }: Gathered<Q, A>,
): Coalescer<Q, A> {
  const { bulksInFlight, limitMs } = connection.options;
  return new Coalescer({
    run,
    weigh,
    maxWeight: MAX_BULK_BYTES,
    maxRequests: most,
    maxInFlight: bulksInFlight,
    limitMs,
    late: () => connection.unavailable('append to a journal', undefined),
  });
}
