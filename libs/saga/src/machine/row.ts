import type { JsonValue } from '@aura/contracts';
import { sagaStream, TerminalError } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type { PaidEntry, SagaEntry, StartedEntry } from './entry';
import { begin, evolve } from './evolve';
import type { SagaState } from './state';

/** Everything a row needs beside its entries. */
export interface RowPlace {
  readonly saga: string;
  readonly seq: number;
  /** ms since 1970. */
  readonly at: number;
  readonly partition: number;
}

/** The journal row of one turn. Payloads stand apart, by the entry's position. */
export function rowOf(place: RowPlace, entries: readonly PaidEntry[]): JournalRow {
  const payload: Record<number, JsonValue> = {};
  entries.forEach((paid, n) => {
    if (paid.payload !== undefined) payload[n] = paid.payload;
  });
  return {
    stream: sagaStream(place.saga),
    seq: place.seq,
    at: place.at,
    operations: entries.flatMap(({ entry }) => operationsOf(entry)),
    body: JSON.stringify(entries.map(({ entry }) => entry)),
    ...(Object.keys(payload).length > 0 ? { payload: JSON.stringify(payload) } : {}),
    partition: place.partition,
  };
}

/**
 * What is asked for by index. A step's end names its operation, the event's (source, id), in its entry: a saga is always
 * folded whole, and the fold is asked.
 */
function operationsOf(entry: SagaEntry): readonly string[] {
  return entry.kind === 'started' ? ['start'] : [];
}

/** The entries of a row. */
export function entriesOf(row: JournalRow): readonly PaidEntry[] {
  const payload = JSON.parse(row.payload ?? '{}') as Readonly<Record<number, JsonValue>>;
  return (JSON.parse(row.body) as readonly SagaEntry[]).map((entry, n) => {
    const paid = payload[n];
    return paid === undefined ? { entry } : { entry, payload: paid };
  });
}

/** The entry that began a saga, from its first row. Errors: `TerminalError` when the row is something else. */
export function startOf(row: JournalRow): { readonly entry: StartedEntry; readonly input: JsonValue } {
  const [first] = entriesOf(row);
  if (first?.entry.kind === 'started') return { entry: first.entry, input: first.payload ?? null };
  throw new TerminalError(`the journal ${row.stream} does not begin with a start`, {
    code: 'BROKEN_JOURNAL',
    help: 'Restore the journal from a backup; the first row of a saga is its start.',
  });
}

/** A saga's state after each of its rows. */
export function foldRows(compiled: CompiledPlan, rows: readonly JournalRow[]): readonly SagaState[] {
  const states: SagaState[] = [];
  let state: SagaState | undefined;
  for (const row of rows) {
    for (const paid of entriesOf(row)) {
      if (state === undefined) state = begin(startOf(row).entry, paid.payload ?? null, row);
      else state = evolve(compiled, state, paid, row);
    }
    if (state !== undefined) states.push({ ...state, seq: row.seq });
  }
  return states;
}
