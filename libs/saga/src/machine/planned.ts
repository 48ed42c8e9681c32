import type { CompiledPlan } from '@aura/workflow';
import { stepOf, stepRunOf } from './state';
import type { SagaState, UndoItem } from './state';

/** The plan to undo, before anything of it was asked for; each step in its own run. Pivots are asked how they ended. */
export function planned(
  compiled: CompiledPlan,
  state: SagaState,
  steps: readonly string[],
): readonly UndoItem[] {
  return steps.map((step) => {
    const mode = compiled.nodes.get(step)?.undo === undefined ? 'ask' : 'undo';
    // Answers of an epoch asked before are answers to this, too: their numbers go on.
    const epoch = stepOf(state, step).asking?.epoch ?? 0;
    return { step, run: stepRunOf(state, step), mode, epoch, tries: 0 };
  });
}
