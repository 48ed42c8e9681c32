import type { Lease } from '@aura/kernel';
import type { Gap } from './gaps';

/** What a partition's owner leaves for the next one, in the lease's note. */
export interface PartitionNote {
  /** Every view is written that has rows before this time, ms since 1970. */
  readonly flushedUpTo: number;
  readonly gaps: readonly Gap[];
  /** When the owner gave the partition back, ms since 1970: a lease that was given back does not say. */
  readonly leftAt?: number;
}

/** Nothing is known of a partition: everything is looked at. */
const UNKNOWN: PartitionNote = { flushedUpTo: 0, gaps: [] };

/** Reads a lease's note; one that cannot be read counts as none, so that the next owner looks at everything. */
export function noteOf(lease: Lease, onUnreadable: (error: unknown) => void): PartitionNote {
  try {
    return (JSON.parse(lease.note) as PartitionNote | null) ?? UNKNOWN;
  } catch (error) {
    onUnreadable(error);
    return UNKNOWN;
  }
}

/** The time for which a partition had no owner, when there was one before. */
export function unownedTime(before: Lease | undefined, note: PartitionNote, now: number): Gap | undefined {
  const from = before !== undefined && before.until > 0 ? before.until : note.leftAt;
  return from === undefined || now <= from ? undefined : { at: from, ms: now - from };
}
