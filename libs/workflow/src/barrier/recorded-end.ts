import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { Journal, JournalRow, StepKey } from '@aura/kernel';
import type { OutboundMessage, TellingJournal, TellingResult, TellingRow } from '@aura/messaging';
import { END, FENCE, rowWith } from './step-rows';

/** How a step ended at its participant: the events that say so, made once and published again as they are. */
export interface RecordedEnd {
  /** None for a step that was fenced before it ended: nothing is said of it any more. */
  readonly events: readonly CloudEvent[];
  /** The step was given up: whoever took effect beside the fence takes it back. */
  readonly isFenced?: true;
  /** The events were published in the commit of their row: nobody publishes them behind it. */
  readonly isTold?: true;
}

/** A participant's journal. */
export interface BarrierJournal {
  readonly journal: Journal;
  /** The same one, for rows that say something. */
  readonly telling: TellingJournal;
}

/** When an end is recorded, behind which rows. */
export interface EndPlace {
  readonly nowMs: number;
  readonly rows: readonly JournalRow[];
  /** What the end says, where that may be published with its row; absent: whoever asked publishes it. */
  readonly publish?: readonly OutboundMessage[];
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
  { journal, telling }: BarrierJournal,
  key: StepKey,
  end: RecordedEnd,
  at: EndPlace,
): Promise<RecordedEnd> {
  let { rows } = at;
  for (;;) {
    const standing = endIn(rows);
    if (standing !== undefined) return standing;
    const recorded = await recordEndNext(telling, key, end, { ...at, rows });
    if (recorded !== undefined) return recorded;
    rows = await journal.read(stepStream(key));
  }
}

/** Records a step's end only when nothing came after `rows`; undefined: something did, and is to be looked at first. */
export async function recordEndNext(
  telling: TellingJournal,
  key: StepKey,
  end: RecordedEnd,
  at: EndPlace,
): Promise<RecordedEnd | undefined> {
  const [result] = await telling.append([endRow(key, end, at)]);
  return recordedBy(result, end);
}

/** The row that records a step's end behind others, and what it says. */
export function endRow(
  key: StepKey,
  { events }: RecordedEnd,
  { nowMs, rows, publish = [] }: EndPlace,
): TellingRow {
  const row: JournalRow = {
    stream: stepStream(key),
    seq: rows.length + 1,
    at: nowMs,
    operations: [END],
    body: JSON.stringify({ kind: 'end', types: events.map(({ type }) => type) }),
    payload: JSON.stringify(events),
  };
  return { row, publish };
}

/** The end that stands by what became of its row; undefined: another row has its place. */
export function recordedBy(result: TellingResult | undefined, end: RecordedEnd): RecordedEnd | undefined {
  if (result === 'conflict') return undefined;
  return result === 'told' ? { ...end, isTold: true } : end;
}
