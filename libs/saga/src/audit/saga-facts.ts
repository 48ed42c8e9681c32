import { endedSagaStatus } from '@aura/contracts';
import type { EndedSagaStatus } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { entriesOf } from '../machine/row';
import type { SagaEntry } from '../machine/entry';

/** What a saga's journal tells at the coordinator. */
export interface SagaFacts {
  readonly stream: string;
  /** Its newest row. */
  readonly seq: number;
  readonly status: 'open' | EndedSagaStatus;
  /** Undos that were answered as done, `<run>/<step>`. */
  readonly undone: ReadonlySet<string>;
  /** Steps of which a person said that their undo may be left, or was done by hand. */
  readonly byHand: ReadonlySet<string>;
}

/** Streams of sagas begin so. */
export const SAGA_STREAMS = 'saga/';

/** The facts of a saga's journal. Reads the entries, and needs no plan. */
export function sagaFacts(rows: readonly JournalRow[]): SagaFacts | undefined {
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const entries = rows.flatMap((row) => entriesOf(row).map(({ entry }) => entry));
  return {
    stream: last.stream,
    seq: last.seq,
    status: entries.reduce(statusBehind, 'open'),
    undone: new Set(entries.flatMap(undoneIn)),
    byHand: new Set(entries.flatMap(byHandIn)),
  };
}

/** An ended saga that is undone or run again after all is open once more. */
function statusBehind(status: SagaFacts['status'], entry: SagaEntry): SagaFacts['status'] {
  if (entry.kind === 'ended') return endedSagaStatus.parse(entry.status);
  const opens: readonly SagaEntry['kind'][] = ['givenUp', 'resumed', 'stopped', 'rerunAsked', 'runBegan'];
  return opens.includes(entry.kind) ? 'open' : status;
}

function undoneIn(entry: SagaEntry): readonly string[] {
  const isDone = entry.kind === 'undoAnswered' && entry.answer === 'undone' && entry.by === 'participant';
  return isDone ? [`${entry.run}/${entry.step}`] : [];
}

function byHandIn(entry: SagaEntry): readonly string[] {
  const isLeft = entry.kind === 'mended' && ['skip', 'resolve'].includes(entry.command);
  return isLeft ? entry.steps : [];
}
