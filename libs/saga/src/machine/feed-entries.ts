import {
  sagaCancelled,
  sagaCompensationFailed,
  sagaCompleted,
  sagaFailed,
  sagaStarted,
  sagaStepRetried,
  sagaSuspended,
  stepFallbackRequested,
} from '@aura/contracts';
import type { SagaFeedEntry } from '@aura/contracts';
import { never } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import type { PaidEntry, SagaEntry } from './entry';
import { entriesOf } from './row';

const LIFE_CYCLE = {
  completed: sagaCompleted,
  failed: sagaFailed,
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
    case 'stepAsked':
      return { type: sagaStepRetried.type, step: entry.step, status: 'triggered' };
    case 'fallbackAsked':
      return { type: stepFallbackRequested.type, step: entry.node, status: 'triggered' };
    case 'ended':
    case 'stopped':
      return { type: LIFE_CYCLE[entry.status].type, status: entry.status };
    default:
      return never(entry);
  }
}
