import { stepCompleted } from '@aura/contracts';
import { compare } from 'semver';
import { BUILT_IN_PARTICIPANT } from '../../plan/built-in';
import type { SagaStep } from '../../plan/built-in';
import { participantsOf } from '../../plan/bindings';
import type { Plan } from '../../plan/plan';
import { compileExpression } from '../../expression/expression';
import type { OfferedAction } from '../offered-action';
import { suggestion } from '../nearest-name';
import { outputSchemaOf } from '../output-schema';
import type { BuiltInCompiler, BuiltInSource } from './built-in-compiler';

/** Levels of sub-sagas below a saga. */
const MOST_LEVELS = 5;

/**
 * Compiles `saga`: pins the step to one version of another definition, the newest that is active unless one is named. It is
 * undone when every stateful step of that definition can be, and is a pivot otherwise.
 */
export const compileSaga: BuiltInCompiler = (source) => {
  const { draft, place, catalogue } = source;
  if (draft.saga === undefined) return undefined;
  if (draft.saga.workflow === source.definition) return addCycle(source, source.definition);
  const plan = nestedPlan(source, draft.saga);
  if (plan === undefined) return undefined;
  const { input, repeat } = draft.saga;
  const builtIn: SagaStep = {
    type: 'saga',
    workflow: plan.definition,
    version: plan.version,
    digest: plan.digest,
    ...below(plan),
    ...(repeat === undefined ? {} : { repeat }),
  };
  checkNesting(source, builtIn);
  checkRepeat(source, plan);
  return {
    builtIn,
    action: {
      name: 'saga',
      participant: BUILT_IN_PARTICIPANT,
      kind: 'stateful',
      description: 'Runs another definition as a saga of its own.',
      input: plan.input as OfferedAction['input'],
      output: outputSchemaOf(plan, catalogue) as OfferedAction['output'],
      emits: stepCompleted.type,
      publishes: [],
      ...(isUndone(plan) ? { undo: { name: 'saga', input: true } } : {}),
    },
    input,
    inputPlace: [...place, 'saga', 'input'],
  };
};

function nestedPlan(
  { plans, place, problems }: BuiltInSource,
  { workflow, version }: { readonly workflow: string; readonly version?: string },
): Plan | undefined {
  const own = plans.filter((plan) => plan.definition === workflow);
  const [found] = own
    .filter((plan) => version === undefined || plan.version === version)
    .sort((left, right) => compare(right.version, left.version));
  if (found !== undefined) return found;
  const names = plans.map((plan) => plan.definition);
  const message =
    own.length === 0
      ? `no definition "${workflow}" is active${suggestion(workflow, names)}; publish it first`
      : `"${workflow}" ${String(version)} is not active, but ${own.map((plan) => plan.version).join(', ')}; publish it first, or name another`;
  problems.add('UNKNOWN_WORKFLOW', [...place, 'saga', own.length === 0 ? 'workflow' : 'version'], message);
  return undefined;
}

/** What is nested below a step that runs a plan. */
function below(plan: Plan): Pick<SagaStep, 'below' | 'participants' | 'levels'> {
  const nested = plan.steps.flatMap(({ builtIn }) => (builtIn?.type === 'saga' ? [builtIn] : []));
  const names = new Set([plan.definition, ...nested.flatMap((step) => step.below)]);
  const performers = new Set([...participantsOf(plan), ...nested.flatMap((step) => step.participants)]);
  const participants = [...performers].sort();
  return {
    below: [...names].sort(),
    participants,
    levels: 1 + Math.max(0, ...nested.map(({ levels }) => levels)),
  };
}

/** Plans are pinned by digest, so that what is refused here cannot come about by a later version of what is nested. */
function checkNesting(source: BuiltInSource, step: SagaStep): void {
  const { definition, place, problems } = source;
  if (step.below.includes(definition)) addCycle(source, step.workflow);
  if (step.levels <= MOST_LEVELS) return;
  const message = `sub-sagas would be nested ${step.levels} levels deep (${step.below.join(', ')}); at most ${MOST_LEVELS} are allowed`;
  problems.add('NESTED_TOO_DEEP', [...place, 'saga', 'workflow'], message);
}

function addCycle({ definition, place, problems }: BuiltInSource, workflow: string): undefined {
  const how = workflow === definition ? 'itself' : `"${workflow}", which runs "${definition}" again`;
  const message = `"${definition}" would run ${how}; a definition cannot be a part of its own sub-sagas: use repeat for a loop`;
  problems.add('WORKFLOW_CYCLE', [...place, 'saga', 'workflow'], message);
}

/** What is to be repeated must be undone as often as it was done. */
function checkRepeat({ draft, place, problems }: BuiltInSource, plan: Plan): void {
  const repeat = draft.saga?.repeat;
  if (repeat === undefined) return;
  const until = compileExpression(repeat.until, { roots: ['output'] });
  const at = [...place, 'saga', 'repeat'];
  if (!until.ok) problems.add('INVALID_EXPRESSION', [...at, 'until'], `CEL ${until.error.message}`);
  if (isUndone(plan)) return;
  const message = `step "${draft.id}" cannot be repeated: a step of "${plan.definition}" declares no undo`;
  problems.add('NO_UNDO', at, message);
}

function isUndone({ steps }: Plan): boolean {
  return steps.every(({ kind, undo }) => kind !== 'stateful' || undo !== undefined);
}
