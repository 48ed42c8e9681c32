import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { isDone, isSuperfluous, nodeOf } from './progress';
import { stepOf } from './state';
import type { SagaState } from './state';

/**
 * Stateful steps whose effect stands or may stand: those that completed, those that failed for a technical reason
 * (a claim may stand), and those that could still be triggered by an event in flight. Choreography does not wait for
 * the coordinator: what it has not heard of may have happened.
 */
export function appliedOf(compiled: CompiledPlan, state: SagaState): readonly string[] {
  const reach = new Reach(compiled, state);
  return compiled.plan.steps
    .filter((step) => step.kind === 'stateful' && mayBeApplied(state, step, reach))
    .map(({ id }) => id);
}

function mayBeApplied(state: SagaState, step: PlanStep, reach: Reach): boolean {
  const { end, endedBy, error } = stepOf(state, step.id);
  switch (end) {
    case 'completed':
      return endedBy === undefined;
    case 'failed':
    case 'continued':
      return error?.kind !== 'business' && error?.kind !== 'condition';
    case 'skipped':
      return false;
    default:
      return reach.mayStart(step);
  }
}

/** What may still happen in a saga, whatever the coordinator has not heard of yet. */
class Reach {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly compiled: CompiledPlan,
    private readonly state: SagaState,
  ) {}

  /** Whether a step's action may run, or may be running. */
  mayStart(step: PlanStep): boolean {
    if (step.standsFor !== undefined)
      return stepOf(this.state, step.id).requestedAt !== undefined && !isSuperfluous(this.state, step);
    if (step.dependencies.length === 0) return true;
    const runs = (id: string): boolean => stepOf(this.state, id).end !== 'skipped' && this.mayArrive(id);
    if (step.join === 'any') return step.dependencies.some(runs);
    return step.dependencies.every((id) => (step.join === 'all' ? runs(id) : this.mayArrive(id)));
  }

  /** Whether a step's end may reach those behind it. */
  private mayArrive(id: string): boolean {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const may = this.judge(id);
    this.known.set(id, may);
    return may;
  }

  private judge(id: string): boolean {
    const step = nodeOf(this.compiled, id);
    const { end, error } = stepOf(this.state, id);
    if (isDone(end)) return true;
    if (end === undefined) return this.mayStart(step);
    // Nobody answered in time: that is no refusal, the answer may still come.
    return error?.kind === 'timeout' || this.mayFallBack(step);
  }

  private mayFallBack({ failure }: PlanStep): boolean {
    if (failure.policy !== 'fallback' || !('node' in failure)) return false;
    const { requestedAt, end } = stepOf(this.state, failure.node);
    return requestedAt !== undefined && end === undefined;
  }
}
