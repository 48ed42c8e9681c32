import type { EmbeddedQueue } from './embedded-queue';
import type { EventTable, MessageHead } from './event-table';
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
  const waiting = new Map(pairs.map(([{ id }, { high }]) => [id, { high, count: 0 }]));
  for (const [queue, stored] of pairs) {
    queue.restore(stored.high, 0);
    restoreHeld(queue, stored, events, restoreUnit);
  }
  const heads = [...events.heads()];
  for (const head of heads) countWaiting(head, waiting);
  for (const [queue, { high }] of pairs) queue.restore(high, waiting.get(queue.id)?.count ?? 0);
  return {
    lastSeq: Math.max(0, heads.at(-1)?.seq ?? 0, ...pairs.map(([, { high }]) => high)),
    garbage: settledByAll(heads, new Map(pairs.map(([queue]) => [queue.id, queue]))),
  };
}

function restoreHeld(
  queue: EmbeddedQueue,
  { held }: StoredQueue,
  events: EventTable,
  restoreUnit: RestoreUnit,
): void {
  for (const row of held) {
    const [seq, returns, inHand] = typeof row === 'number' ? ([row, 0, 1] as const) : row;
    const message = events.find(seq);
    if (message) restoreUnit(queue, new Unit(queue, message, returns, false), inHand === 1);
  }
}

function countWaiting(
  { seq, targets }: MessageHead,
  waiting: ReadonlyMap<number, { readonly high: number; count: number }>,
): void {
  for (const id of targets) {
    const queue = waiting.get(id);
    if (queue && seq > queue.high) queue.count += 1;
  }
}

/** Positions of the messages that every queue has settled, or that has gone. */
export function settledByAll(
  heads: Iterable<MessageHead>,
  queues: ReadonlyMap<number, EmbeddedQueue>,
): readonly number[] {
  const settled: number[] = [];
  for (const { seq, targets } of heads) {
    if (targets.every((id) => queues.get(id)?.hasSettled(seq) ?? true)) settled.push(seq);
  }
  return settled;
}
