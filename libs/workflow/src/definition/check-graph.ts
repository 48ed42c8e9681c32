import type { Expression } from '../expression/expression';
import type { Model, ModelStep } from './draft-model';
import { widthOf } from './graph';
import { suggestion } from './nearest-name';
import { entryOf } from './present';
import type { Problems } from './problems';

const MAX_STEPS = 100;
const MAX_BRANCHES = 20;

function checkDuplicates({ draft, steps }: Model, problems: Problems): void {
  for (const { id, index } of draft.steps) {
    const first = steps.get(id);
    if (first === undefined || first.draft.index === index) continue;
    const message = `step "${id}" is there twice (first as step ${first.draft.index + 1}); give each its own id`;
    problems.add('DUPLICATE_STEP', ['steps', index, 'id'], message);
  }
}

function checkDependencies({ steps, draft }: Model, problems: Problems): void {
  for (const { draft: step, place } of steps.values()) {
    for (const [at, dependency] of step.dependencies.entries()) {
      if (steps.has(dependency) || draft.broken.has(dependency)) continue;
      const hint = suggestion(dependency, steps.keys());
      const message = `step "${step.id}" depends on "${dependency}", which is not there${hint}`;
      problems.add('UNKNOWN_DEPENDENCY', [...place, 'dependencies', at], message);
    }
    if (new Set(step.dependencies).size < step.dependencies.length) {
      const message = `step "${step.id}" names a dependency twice; name each once`;
      problems.add('DUPLICATE_DEPENDENCY', [...place, 'dependencies'], message);
    }
  }
}

function checkCycles({ graph, steps }: Model, problems: Problems): void {
  for (const cycle of graph.cycles) {
    const place = cycle.slice(0, 1).flatMap((id) => entryOf(steps, id).place);
    const message = `the steps wait for each other in a circle: ${cycle.join(' → ')}; remove one of these dependencies`;
    problems.add('CYCLE', [...place, 'dependencies'], message);
  }
  for (const id of graph.behindCycles) {
    const { place } = entryOf(steps, id);
    const message = `step "${id}" can never be reached: it waits for steps that wait for each other in a circle`;
    problems.add('UNREACHABLE_STEP', place, message);
  }
}

/** A condition without reads has one value for ever. */
function isNeverTrue(when: Expression | undefined): boolean {
  if (when === undefined || when.reads.length > 0) return false;
  const result = when.holds({});
  return result.ok && !result.value;
}

function waysToAreDead({ draft }: ModelStep, dead: ReadonlySet<string>): boolean {
  if (draft.dependencies.length === 0 || draft.join === 'ended') return false;
  return draft.join === 'all'
    ? draft.dependencies.some((id) => dead.has(id))
    : draft.dependencies.every((id) => dead.has(id));
}

function checkDeadSteps({ graph, steps }: Model, problems: Problems): void {
  const dead = new Set<string>();
  for (const id of graph.order) {
    const step = entryOf(steps, id);
    const isDead = isNeverTrue(step.when);
    if (isDead) {
      const message = `step "${id}" can never be reached: its condition is always false`;
      problems.add('UNREACHABLE_STEP', [...step.place, 'when'], message);
    } else if (waysToAreDead(step, dead)) {
      const message = `step "${id}" can never be reached: the steps before it never run`;
      problems.add('UNREACHABLE_STEP', step.place, message);
    } else continue;
    dead.add(id);
  }
}

/** Steps are counted without fallback nodes; branches are the steps that can be under way at once. */
function checkBounds({ graph, draft }: Model, problems: Problems): void {
  const count = draft.steps.length + draft.broken.size;
  if (count > MAX_STEPS) {
    const message = `the definition has ${count} steps; at most ${MAX_STEPS} are allowed`;
    problems.add('TOO_MANY_STEPS', ['steps'], message);
    return;
  }
  const width = widthOf(graph);
  if (width > MAX_BRANCHES) {
    const message = `${width} steps can be under way at once; at most ${MAX_BRANCHES} parallel branches are allowed`;
    problems.add('TOO_MANY_BRANCHES', ['steps'], message);
  }
}

/** Duplicate ids, dependencies that are not there, cycles, steps that are never reached, too many steps or branches. */
export function checkGraph(model: Model, problems: Problems): void {
  checkDuplicates(model, problems);
  checkDependencies(model, problems);
  checkCycles(model, problems);
  checkDeadSteps(model, problems);
  checkBounds(model, problems);
}
