import { entryOf } from './present';
import type { Graph } from './graph';

/** What decides whether a step runs. */
export interface JoinedStep {
  readonly id: string;
  readonly dependencies: readonly string[];
  readonly join: 'all' | 'any' | 'ended';
  readonly when?: string | undefined;
}

/** What can be told of a step before anything runs. */
export interface Availability {
  /** Whether it can end as skipped. */
  readonly skippable: boolean;
  /** Steps whose output is surely there when this step runs. */
  readonly whenRunning: ReadonlySet<string>;
}

interface Known extends Availability {
  /** Steps whose output surely came along with the end of this step, however it ended. */
  readonly whenEnded: ReadonlySet<string>;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function intersection(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first, ...others] = sets;
  return new Set([...(first ?? [])].filter((id) => others.every((set) => set.has(id))));
}

/** Whether the join itself can fail to be met. */
function joinMayFail(step: JoinedStep, before: readonly Known[]): boolean {
  if (before.length === 0 || step.join === 'ended') return false;
  return step.join === 'all'
    ? before.some(({ skippable }) => skippable)
    : before.every(({ skippable }) => skippable);
}

/** What a step has at hand: everything its join waited for, or, for `any`, what every single arrival would bring. */
function atHand(
  step: JoinedStep,
  ends: readonly ReadonlySet<string>[],
  successes: readonly ReadonlySet<string>[],
): ReadonlySet<string> {
  if (step.join === 'any') return intersection(successes);
  return union(step.join === 'ended' ? ends : successes);
}

function judge(step: JoinedStep, known: ReadonlyMap<string, Known>): Known {
  const before = step.dependencies.flatMap((id) => {
    const dependency = known.get(id);
    return dependency === undefined ? [] : [{ id, dependency }];
  });
  const ends = before.map(({ dependency }) => dependency.whenEnded);
  const successes = before.map(({ id, dependency }) => new Set([...dependency.whenRunning, id]));
  const joinFails = joinMayFail(
    step,
    before.map(({ dependency }) => dependency),
  );
  const whenRunning = atHand(step, ends, successes);
  const skippable = joinFails || step.when !== undefined;
  // A join that is not met has seen every dependency end; a false condition has seen the join met, which for `any` may be less.
  const whenSkipped = joinFails ? intersection([union(ends), whenRunning]) : whenRunning;
  const whenEnded = skippable ? whenSkipped : new Set([...whenRunning, step.id]);
  return { skippable, whenRunning, whenEnded };
}

/** Which steps can be skipped, and whose outputs are sure to be there when a step runs; for steps in the graph's order. */
export function availabilityOf(
  steps: readonly JoinedStep[],
  graph: Graph,
): ReadonlyMap<string, Availability> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const known = new Map<string, Known>();
  for (const id of graph.order) known.set(id, judge(entryOf(byId, id), known));
  return known;
}
