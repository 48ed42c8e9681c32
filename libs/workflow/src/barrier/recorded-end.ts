import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Journal, JournalRow, StepKey } from '@aura/kernel';
import { END, FENCE, rowWith } from './step-rows';

/** How a step ended at its participant: the events that say so, made once and published again as they are. */
export interface RecordedEnd {
  /** None for a step that was fenced before it ended: nothing is said of it any more. */
  readonly events: readonly CloudEvent[];
  /** The step was given up: whoever took effect beside the fence takes it back. */
  readonly isFenced?: true;
}

/** The recorded end of a step, from the rows of its stream; a fence without an end before it ends it silently. */
export function endIn(rows: readonly JournalRow[]): RecordedEnd | undefined {
  const row = rowWith(rows, END);
  const isFenced = rowWith(rows, FENCE) !== undefined;
  if (row === undefined) return isFenced ? { events: [], isFenced } : undefined;
  const events = JSON.parse(row.payload ?? '[]') as readonly CloudEvent[];
  return isFenced ? { events, isFenced } : { events };
}

/**
 * Records a step's end, unless it stands already or the step is fenced: answers the end that stands.
 * Concurrency: of racing recorders one wins, and all get its end.
 */
export async function recordEnd(
  journal: Journal,
  key: StepKey,
  end: RecordedEnd,
  at: { readonly nowMs: number; readonly rows: readonly JournalRow[] },
): Promise<RecordedEnd> {
  let { rows } = at;
  for (;;) {
    const standing = endIn(rows);
    if (standing !== undefined) return standing;
    if (await recordEndNext(journal, key, end, { ...at, rows })) return end;
    rows = await journal.read(stepStream(key));
  }
}

/** Records a step's end only when nothing came after `rows`; false: something did, and is to be looked at first. */
export async function recordEndNext(
  journal: Journal,
  key: StepKey,
  { events }: RecordedEnd,
  { nowMs, rows }: { readonly nowMs: number; readonly rows: readonly JournalRow[] },
): Promise<boolean> {
  const [result] = await journal.append([
    {
      stream: stepStream(key),
      seq: rows.length + 1,
      at: nowMs,
      operations: [END],
      body: JSON.stringify({ kind: 'end', types: events.map(({ type }) => type) }),
      payload: JSON.stringify(events),
    },
  ]);
  return result === 'appended';
}
