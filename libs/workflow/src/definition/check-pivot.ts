import type { Model, ModelStep } from './draft-model';
import type { Problems } from './problems';

/** Whether a failure of the step can keep the saga from completing. */
function canFailTheSaga({ draft }: ModelStep): boolean {
  if (draft.failure.policy === 'continue') return false;
  return draft.failure.policy !== 'fallback' || draft.failure.output === undefined;
}

function isFinal(step: ModelStep): boolean {
  const actions = [step.action, step.fallback?.action];
  return actions.some((action) => action?.kind === 'stateful' && action.undo === undefined);
}

function checkPivot(pivot: ModelStep, model: Model, problems: Problems): void {
  const { id, failure } = pivot.draft;
  const before = model.graph.ancestors.get(id);
  if (before === undefined) return;
  const reasons = [...model.steps.values()]
    .filter((step) => step !== pivot && !before.has(step.draft.id) && canFailTheSaga(step))
    .map((step) => `"${step.draft.id}"`);
  if (model.criteria.length > 0) reasons.push('the success criteria');
  if (reasons.length === 0) return;
  const action =
    failure.policy === 'fallback' && pivot.action?.undo !== undefined ? 'its fallback' : pivot.draft.action;
  const message =
    `step "${id}" cannot be undone (${action} declares no undo) and is not the last that can fail: ` +
    `behind or beside it ${reasons.join(', ')} can fail; declare an undo, let these continue or fall back to a ` +
    'default output, or put the step behind them';
  problems.add('NO_UNDO', pivot.place, message);
}

/** A stateful step without undo must be the pivot: nothing that can fail stands behind or beside it. */
export function checkPivots(model: Model, problems: Problems): void {
  for (const step of model.steps.values()) if (isFinal(step)) checkPivot(step, model, problems);
}
