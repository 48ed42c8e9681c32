import type { JournalRow, ViewRecord } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import { sagaView } from '../engine/saga-view';
import type { SagaViewField } from '../engine/saga-view';
import { foldRows } from '../machine/row';

/** The view of a saga whose rows are all published, made from its journal alone. */
export function viewOf(
  compiled: CompiledPlan,
  rows: readonly JournalRow[],
): ViewRecord<SagaViewField> | undefined {
  const state = foldRows(compiled, rows).at(-1);
  return state && sagaView(compiled, state, state.seq);
}
