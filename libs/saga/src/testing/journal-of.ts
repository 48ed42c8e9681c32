import type { CloudEvent } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import type { PaidEntry } from '../machine/entry';
import { foldRows, rowOf } from '../machine/row';
import { endEvent } from '../machine/triggers';
import { STARTED_AT, startedEntry } from './given-saga';
import type { SagaUnderTest } from './given-saga';

/** The journal that a saga's turns wrote: its start, and a row for each turn that decided something. */
export function journalOf(saga: SagaUnderTest): readonly JournalRow[] {
  const start: PaidEntry = { entry: startedEntry(saga.compiled), payload: saga.state.input };
  const rows = saga.told.filter(({ entries }) => entries.length > 0);
  const isStartTold = rows[0]?.entries[0]?.entry.kind === 'started';
  const first = rowOf({ saga: saga.state.saga, seq: 1, at: STARTED_AT, partition: saga.state.partition }, [
    start,
  ]);
  return [
    ...(isStartTold ? [] : [first]),
    ...rows.map(({ entries, state, at }) =>
      rowOf({ saga: state.saga, seq: state.seq, at, partition: state.partition }, entries),
    ),
  ];
}

/** The events that ended a saga's steps, made again from its journal as for a lost join. */
export function retoldEnds(compiled: CompiledPlan, rows: readonly JournalRow[]): readonly CloudEvent[] {
  const state = foldRows(compiled, rows).at(-1);
  if (state === undefined) return [];
  const place = { compiled, state, at: 0, n: 0, sequence: 0 };
  return compiled.plan.steps.flatMap((step) => endEvent(place, step) ?? []);
}
