import {
  sagaCancelled,
  sagaCompensated,
  sagaCompensating,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaMended,
  sagaRerun,
  sagaResumed,
  sagaStarted,
  sagaStepRetried,
  sagaSuspended,
  stepBegun,
  stepEndRequested,
  stepFallbackRequested,
  stepNothingToUndo,
  stepUndoFailed,
  stepUndone,
  stepUndoRequested,
  subSagaStartRequested,
  subSagaStopRequested,
} from '@aura/contracts';
import type { SagaFeedEntry } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { PaidEntry, ParentAskedEntry, SagaEntry, StepAskedEntry } from './entry';
import type { RunEntry } from './evolve-run';
import type { UndoEntry } from './evolve-undo';
import { entriesOf } from './row';

const LIFE_CYCLE = {
  completed: sagaCompleted,
  failed: sagaFailed,
  compensated: sagaCompensated,
  cancelled: sagaCancelled,
  suspended: sagaSuspended,
  compensation_failed: sagaCompensationFailed,
} as const;

/** The feed entries of a saga's rows, with their sequence from `from` on (the first entry of the saga is 1). */
export function feedOf(rows: readonly JournalRow[], from: number): readonly SagaFeedEntry[] {
  let sequence = from - 1;
  return rows.flatMap((row) =>
    entriesOf(row).map((paid) => {
      sequence += 1;
      return { sequence, ...feedEntry(paid, row.at) };
    }),
  );
}

function feedEntry({ entry, payload }: PaidEntry, at: number): Omit<SagaFeedEntry, 'sequence'> {
  const news = { time: new Date(at).toISOString(), ...told(entry) };
  // Zod's JSON type is not readonly; the value is only written out.
  return payload === undefined ? news : { ...news, data: payload as SagaFeedEntry['data'] };
}

function told(
  entry: SagaEntry,
): Pick<SagaFeedEntry, 'type' | 'step' | 'status'> & Partial<Pick<SagaFeedEntry, 'time'>> {
  switch (entry.kind) {
    case 'started':
      return { type: sagaStarted.type, status: 'running' };
    case 'stepEnded':
      return { type: entry.event.type, step: entry.step, status: entry.end, time: entry.event.time };
    case 'stepBegun':
      return { type: stepBegun.type, step: entry.step, status: 'triggered' };
    case 'stepAsked':
      return { ...askedAgain(entry), step: entry.step };
    case 'fallbackAsked':
      return { type: stepFallbackRequested.type, step: entry.node, status: 'triggered' };
    case 'ended':
    case 'stopped':
      return { type: LIFE_CYCLE[entry.status].type, status: entry.status };
    default:
      return toldOfUndo(entry);
  }
}

function askedAgain({ reason }: StepAskedEntry): Pick<SagaFeedEntry, 'type' | 'status'> {
  return reason === 'lostSubSaga'
    ? { type: subSagaStartRequested.type, status: 'asked' }
    : { type: sagaStepRetried.type, status: 'triggered' };
}

const ANSWERS = { undone: stepUndone, nothing: stepNothingToUndo, failed: stepUndoFailed } as const;

function toldOfUndo(entry: UndoEntry): Pick<SagaFeedEntry, 'type' | 'step' | 'status'> {
  switch (entry.kind) {
    case 'endAsked':
      return { type: stepEndRequested.type, step: entry.step, status: 'asked' };
    case 'givenUp':
      return { type: sagaCompensating.type, status: 'compensating' };
    case 'undoAsked':
      return { type: stepUndoRequested.type, step: entry.step, status: 'asked' };
    case 'undoAnswered':
      return { type: ANSWERS[entry.answer].type, step: entry.step, status: entry.answer };
    case 'mended':
      return { type: sagaMended.type, status: entry.command };
    case 'resumed':
      return {
        type: entry.status === 'running' ? sagaResumed.type : sagaCompensating.type,
        status: entry.status,
      };
    default:
      return toldOfRun(entry);
  }
}

function toldOfRun({ kind }: RunEntry | ParentAskedEntry): Pick<SagaFeedEntry, 'type' | 'status'> {
  if (kind === 'parentAsked') return { type: subSagaStopRequested.type, status: 'asked' };
  return kind === 'runBegan'
    ? { type: sagaRerun.type, status: 'running' }
    : { type: sagaCompensating.type, status: 'compensating' };
}
