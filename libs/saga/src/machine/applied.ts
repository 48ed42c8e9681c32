import { COORDINATOR_SOURCE } from '@aura/messaging';
import { isCommand } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { isDone, isSuperfluous, nodeOf } from './progress';
import { stepOf } from './state';
import type { SagaState, StepState } from './state';

/**
 * Stateful steps whose effect stands or may stand: those that completed, those that failed for a technical reason
 * (a claim may stand) and did not refuse since, and those that could still be triggered by an event in flight. Choreography does not wait for
 * the coordinator: what it has not heard of may have happened. `goesOn`: steps that live in the coordinator and will still begin or
 * end, in the run that they have, and trigger what is behind them; default none, as of a saga that is given up.
 */
export function appliedOf(
  compiled: CompiledPlan,
  state: SagaState,
  goesOn: (step: PlanStep) => boolean = () => false,
): readonly string[] {
  const reach = new Reach(compiled, state, goesOn);
  return compiled.plan.steps
    .filter((step) => step.kind === 'stateful' && mayBeApplied(state, step, reach))
    .map(({ id }) => id);
}

function mayBeApplied(state: SagaState, step: PlanStep, reach: Reach): boolean {
  const own = stepOf(state, step.id);
  if (isFenced(own)) return false;
  switch (own.end) {
    case 'completed':
      return isOwnEnd(own) || mayStand(own);
    case 'failed':
    case 'continued':
      return mayStand(own);
    case 'skipped':
      return false;
    default:
      return isCommand(step) ? reach.mayStart(step) : own.begun !== undefined;
  }
}

/** Whether a step's participant said that it had no effect, and will have none. */
export function isFenced({ asking }: StepState): boolean {
  return asking?.answer === 'nothing' || asking?.answer === 'undone';
}

/** Whether a step completed by itself: not by its fallback, and not by a default or a person. */
function isOwnEnd({ endedBy, event }: StepState): boolean {
  return endedBy === undefined && event?.source !== COORDINATOR_SOURCE;
}

/** Whether a step that failed may have taken effect: what its participant refused has not. */
export function mayStand({ error }: StepState): boolean {
  return error?.kind !== 'business';
}

/**
 * Whether a failure is the last word. Of one that its participant did not record a delivery in flight may still make a
 * success: a duplicate on another rung, an answer that came too late.
 */
export function isLastWord(step: PlanStep, own: StepState): boolean {
  if (!isCommand(step) || !mayStand(own) || isFenced(own)) return true;
  return step.kind !== 'stateful' && goesOnWithout(step) && own.event?.source !== COORDINATOR_SOURCE;
}

/** Whether the saga goes on when a step has failed: the failure that its participant tells is recorded there as its end. */
export function goesOnWithout({ failure }: PlanStep): boolean {
  return failure.policy === 'continue' || failure.policy === 'fallback';
}

/** What may still happen in a saga, whatever the coordinator has not heard of yet. */
class Reach {
  private readonly starts = new Map<string, boolean>();
  private readonly arrivals = new Map<string, boolean>();

  constructor(
    private readonly compiled: CompiledPlan,
    private readonly state: SagaState,
    private readonly goesOn: (step: PlanStep) => boolean,
  ) {}

  /** Whether a step's action may run, or may be running. */
  mayStart(step: PlanStep): boolean {
    return known(this.starts, step.id, () => this.judgeStart(step));
  }

  /** What lives in the coordinator nobody but this journal begins and ends. */
  private judgeStart(step: PlanStep): boolean {
    const { dependencies, join, standsFor } = step;
    if (!isCommand(step)) return this.goesOn(step);
    if (standsFor !== undefined)
      return stepOf(this.state, step.id).requestedAt !== undefined && !isSuperfluous(this.state, step);
    if (dependencies.length === 0) return true;
    if (join === 'any') return dependencies.some((id) => this.mayRun(id));
    return dependencies.every((id) => (join === 'all' ? this.mayRun(id) : this.mayArrive(id)));
  }

  /** Whether a step may end other than by being skipped, and be heard of behind it. */
  private mayRun(id: string): boolean {
    const { end } = stepOf(this.state, id);
    if (end === undefined) return this.mayStart(nodeOf(this.compiled, id));
    return end !== 'skipped' && this.mayArrive(id);
  }

  /** Whether a step's end may reach those behind it. */
  private mayArrive(id: string): boolean {
    return known(this.arrivals, id, () => this.judgeArrival(id));
  }

  private judgeArrival(id: string): boolean {
    const step = nodeOf(this.compiled, id);
    const own = stepOf(this.state, id);
    const { end } = own;
    if (isDone(end)) return true;
    if (end === undefined) return this.mayStart(step) || this.maySkip(step);
    return !isLastWord(step, own) || this.mayFallBack(step);
  }

  /** A step that is never started ends all the same, as skipped, once its dependencies have. */
  private maySkip({ dependencies, standsFor, builtIn }: PlanStep): boolean {
    if (standsFor !== undefined || builtIn !== undefined) return false;
    return dependencies.every((id) => this.mayArrive(id));
  }

  private mayFallBack({ failure }: PlanStep): boolean {
    if (failure.policy !== 'fallback' || !('node' in failure)) return false;
    const node = stepOf(this.state, failure.node);
    if (node.requestedAt === undefined) return false;
    return node.end !== 'failed' || !isLastWord(nodeOf(this.compiled, failure.node), node);
  }
}

/** What was judged before, or is now. */
function known(judged: Map<string, boolean>, id: string, judge: () => boolean): boolean {
  const before = judged.get(id);
  if (before !== undefined) return before;
  const may = judge();
  judged.set(id, may);
  return may;
}
