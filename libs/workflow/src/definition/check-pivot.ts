import type { Model, ModelStep } from './draft-model';
import type { Problems } from './problems';

/** Whether a failure of the step can keep the saga from completing. */
function canFailTheSaga({ draft }: ModelStep): boolean {
  if (draft.failure.policy === 'continue') return false;
  return draft.failure.policy !== 'fallback' || draft.failure.output === undefined;
}

function isPivot(step: ModelStep): boolean {
  const actions = [step.action, step.fallback?.action];
  return actions.some((action) => action?.kind === 'stateful' && action.undo === undefined);
}

/** Steps that have ended well whenever a step begins: of what joins by `any` only what all its ways have in common. */
function certainBefore({ graph, steps }: Model): ReadonlyMap<string, ReadonlySet<string>> {
  const certain = new Map<string, ReadonlySet<string>>();
  for (const id of graph.order) {
    const { dependencies = [], join } = steps.get(id)?.draft ?? {};
    const ways = dependencies.map((dependency) => new Set([dependency, ...(certain.get(dependency) ?? [])]));
    const all = new Set(ways.flatMap((way) => [...way]));
    const isCertain = (before: string) => join !== 'any' || ways.every((way) => way.has(before));
    certain.set(id, new Set([...all].filter(isCertain)));
  }
  return certain;
}

function checkPivot(pivot: ModelStep, model: Model, before: ReadonlySet<string>, problems: Problems): void {
  const { id, failure } = pivot.draft;
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
  const certain = certainBefore(model);
  for (const step of model.steps.values()) {
    const before = certain.get(step.draft.id);
    if (before !== undefined && isPivot(step)) checkPivot(step, model, before, problems);
  }
}
