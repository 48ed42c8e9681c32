import type { JsonValue } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import { judgeJoin } from '@aura/workflow';
import type { CompiledPlan, JoinVerdict, PlanStep } from '@aura/workflow';
import { stepOf } from './state';
import type { SagaState, StepEnd } from './state';

/** A node of the plan that the plan itself names. Errors: `TerminalError` when it does not have it. */
export function nodeOf({ nodes, plan }: CompiledPlan, id: string): PlanStep {
  const node = nodes.get(id);
  if (node !== undefined) return node;
  throw new TerminalError(`the plan ${plan.digest} of ${plan.definition} has no node ${id}`, {
    code: 'INVALID_PLAN',
    help: 'Publish the definition again with this version of Aura.',
  });
}

/** Whether a node counts for the saga's end: fallback nodes do so through the step they stand for. */
export function isOwnStep(step: PlanStep): boolean {
  return step.standsFor === undefined;
}

/** Whether a step has ended in a way that lets the saga go on. */
export function isDone(end: StepEnd | undefined): end is Exclude<StepEnd, 'failed'> {
  return end !== undefined && end !== 'failed';
}

/** Whether the step that a fallback node stands for has ended without it, so that the node's own end is of no use. */
export function isSuperfluous(state: SagaState, step: PlanStep): boolean {
  if (step.standsFor === undefined) return false;
  const { end, endedBy } = stepOf(state, step.standsFor);
  return isDone(end) && endedBy === undefined;
}

/** Whether a step's trigger is out: its dependencies have ended as its join wants, or it was asked for. */
export function isTriggered(state: SagaState, step: PlanStep): boolean {
  if (step.standsFor !== undefined) return stepOf(state, step.id).requestedAt !== undefined;
  return verdictOf(state, step) !== 'wait';
}

/** What the ends of a step's dependencies, as far as they are known, mean for it. */
export function verdictOf(state: SagaState, step: PlanStep): JoinVerdict {
  const arrivals = new Map<string, { readonly status: Exclude<StepEnd, 'failed'> }>();
  for (const dependency of step.dependencies) {
    const { end } = stepOf(state, dependency);
    if (isDone(end)) arrivals.set(dependency, { status: end });
  }
  return step.dependencies.length === 0 ? 'run' : judgeJoin(step, arrivals);
}

/** Steps whose trigger is out and whose end is not known. An end that somebody downstream has seen is implied. */
export function awaited(compiled: CompiledPlan, state: SagaState): readonly PlanStep[] {
  return compiled.plan.steps.filter((step) => {
    if (stepOf(state, step.id).end !== undefined || isSuperfluous(state, step)) return false;
    return !isImplied(compiled, state, step.id) && isTriggered(state, step);
  });
}

/**
 * Steps whose end is implied by one behind it and was never heard: of its copies the coordinator's may be lost. Who made
 * it has it on record, or makes it again the same.
 */
export function unheard(compiled: CompiledPlan, state: SagaState): readonly PlanStep[] {
  return compiled.plan.steps.filter(
    (step) =>
      stepOf(state, step.id).end === undefined &&
      isImplied(compiled, state, step.id) &&
      isTriggered(state, step),
  );
}

/** Whether an end is implied by one behind it. A join of kind `any` goes on without some; every other has seen all. */
export function isImplied(compiled: CompiledPlan, state: SagaState, id: string): boolean {
  return nodeOf(compiled, id).dependents.some(
    (behind) => stepOf(state, behind).end !== undefined && nodeOf(compiled, behind).join !== 'any',
  );
}

/**
 * Whether every end that a step builds on is here. One that is implied but not here yet brings the output that the step's
 * triggers carry: it is waited for. A join of kind `any` that has ended has seen one of its dependencies, whichever.
 */
export function isUpstreamKnown(compiled: CompiledPlan, state: SagaState, step: PlanStep): boolean {
  const upstream = [...upstreamOf(compiled, step)];
  const isMissing = (id: string): boolean =>
    stepOf(state, id).end === undefined && isImplied(compiled, state, id);
  return ![step.standsFor ?? step.id, ...upstream].some(
    (id) => hasEndedUnseen(state, nodeOf(compiled, id)) || (id !== step.id && isMissing(id)),
  );
}

/** Whether a step has ended and no trigger of it is known. */
function hasEndedUnseen(state: SagaState, step: PlanStep): boolean {
  return stepOf(state, step.id).end !== undefined && verdictOf(state, step) === 'wait';
}

/** When a step's trigger went out, as far as the coordinator saw it, ms since 1970; not before the saga's run began. */
export function triggeredAt(state: SagaState, step: PlanStep): number {
  return Math.max(firstTriggeredAt(state, step), state.runAt ?? 0);
}

function firstTriggeredAt(state: SagaState, step: PlanStep): number {
  const own = stepOf(state, step.id);
  if (own.epochAt !== undefined) return own.epochAt;
  if (own.requestedAt !== undefined) return own.requestedAt;
  const seen = triggersOf(state, step).flatMap((id) => stepOf(state, id).seenAt ?? []);
  if (seen.length === 0) return state.startedAt;
  return step.join === 'any' ? Math.min(...seen) : Math.max(...seen);
}

/** The dependencies whose ends triggered a step: for `any` those that went well, when there are some. */
export function triggersOf(state: SagaState, step: PlanStep): readonly string[] {
  if (step.join !== 'any') return step.dependencies;
  const well = step.dependencies.filter((id) => {
    const { end } = stepOf(state, id);
    return end === 'completed' || end === 'continued';
  });
  return well.length > 0 ? well : step.dependencies;
}

/** All steps on whose outputs a step may build, itself left out; those of a fallback node are those of its step. */
export function upstreamOf(compiled: CompiledPlan, step: PlanStep): ReadonlySet<string> {
  const found = new Set<string>();
  const origin = step.standsFor === undefined ? step : nodeOf(compiled, step.standsFor);
  const open = [...origin.dependencies];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...nodeOf(compiled, id).dependencies);
  }
  return found;
}

/** Outputs by step, for mappings and conditions; of all steps, or of some. */
export function outputsOf(
  compiled: CompiledPlan,
  state: SagaState,
  only?: ReadonlySet<string>,
): Readonly<Record<string, JsonValue>> {
  const outputs: Record<string, JsonValue> = {};
  for (const { id } of compiled.plan.steps) {
    if (only !== undefined && !only.has(id)) continue;
    const { end, output } = stepOf(state, id);
    if (output !== undefined && (end === 'completed' || end === 'continued')) outputs[id] = output;
  }
  return outputs;
}
