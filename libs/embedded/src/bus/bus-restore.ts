import type { EmbeddedQueue } from './embedded-queue';
import type { EventTable } from './event-table';
import type { StoredQueue } from './queue-table';
import { Unit } from './unit';

/** What a restart finds in the file. */
export interface Restored {
  /** Position of the newest message that was ever stored, as far as the file knows. */
  readonly lastSeq: number;
  /** Messages that no queue needs. */
  readonly garbage: readonly number[];
}

/** Where {@link restoreQueues} puts a unit: `wasInHand` means that its consumer's process died. */
export type RestoreUnit = (queue: EmbeddedQueue, unit: Unit, wasInHand: boolean) => void;

/** Puts all queues where their rows say. */
export function restoreQueues(
  pairs: readonly (readonly [EmbeddedQueue, StoredQueue])[],
  events: EventTable,
  restoreUnit: RestoreUnit,
): Restored {
  let lastSeq = 0;
  const waiting = new Map<number, { readonly high: number; count: number }>();
  for (const [queue, { high, held }] of pairs) {
    lastSeq = Math.max(lastSeq, high);
    waiting.set(queue.id, { high, count: 0 });
    queue.restore(high, 0);
    for (const row of held) {
      const [seq, returns, inHand] = typeof row === 'number' ? [row, 0, 1] : row;
      const message = events.find(seq);
      if (message) restoreUnit(queue, new Unit(queue, message, returns, false), inHand === 1);
    }
  }
  const heads = countWaiting(events, waiting);
  for (const [queue, { high }] of pairs) queue.restore(high, waiting.get(queue.id)?.count ?? 0);
  const byId = new Map(pairs.map(([queue]) => [queue.id, queue]));
  const isSettled = (id: number, seq: number) => byId.get(id)?.hasSettled(seq) ?? true;
  const garbage = heads.filter(({ seq, targets }) => targets.every((id) => isSettled(id, seq)));
  return { lastSeq: Math.max(lastSeq, heads.at(-1)?.seq ?? 0), garbage: garbage.map(({ seq }) => seq) };
}

function countWaiting(
  events: EventTable,
  waiting: ReadonlyMap<number, { readonly high: number; count: number }>,
) {
  const heads = [...events.heads()];
  for (const { seq, targets } of heads) {
    for (const id of targets) {
      const queue = waiting.get(id);
      if (queue && seq > queue.high) queue.count += 1;
    }
  }
  return heads;
}
