import type { DefinitionProblem, JsonValue } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import type { Plan } from '../plan/plan';
import { buildPlan } from './build-plan';
import { checkActions } from './check-actions';
import { checkData } from './check-data';
import { checkGraph } from './check-graph';
import { checkHeader } from './check-header';
import { checkPivots } from './check-pivot';
import { buildModel } from './draft-model';
import type { Model, Offers } from './draft-model';
import type { ActionCatalogue } from './offered-action';
import { parseDefinition } from './parse-definition';
import { Problems } from './problems';
import { readSource } from './source';

/** Beyond this nothing but the number of steps is told: the other checks take time that grows with its square. */
const MAX_CHECKED_STEPS = 300;

function modelOf(value: JsonValue | undefined, problems: Problems, offers: Offers): Model | undefined {
  const draft = value === undefined ? undefined : parseDefinition(value, problems);
  if (draft === undefined) return undefined;
  if (draft.steps.length > MAX_CHECKED_STEPS) {
    problems.add(
      'TOO_MANY_STEPS',
      ['steps'],
      `the definition has ${draft.steps.length} steps; at most 100 are allowed`,
    );
    return undefined;
  }
  return buildModel(draft, offers, problems);
}

/**
 * Compiles a definition, YAML or JSON, against the actions that are offered and the `plans` of active definitions, which
 * its sub-sagas are pinned to. Either the plan, sealed with its digest,
 * or every reason why there is none, each with a stable code, its place, line and what to do. A stage looks at
 * whatever the stages before it could read. Pure: the same text, catalogue and plans give the same answer.
 */
export function compileDefinition(
  text: string,
  file: string,
  catalogue: ActionCatalogue,
  plans: readonly Plan[] = [],
): Result<Plan, readonly DefinitionProblem[]> {
  const source = readSource(text);
  const problems = new Problems(file, source.lineOf);
  for (const { code, message, line } of source.problems) problems.addAt(code, message, line);
  const model = modelOf(source.value, problems, { catalogue, plans });
  if (model !== undefined) {
    checkHeader(model, problems);
    checkGraph(model, problems);
    checkActions(model, catalogue, problems);
    checkData(model, problems);
    checkPivots(model, problems);
  }
  return model !== undefined && problems.isEmpty ? ok(buildPlan(model)) : err(problems.list());
}
