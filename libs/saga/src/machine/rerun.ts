import type { RerunPlan } from '@aura/contracts';
import { hasEnded } from '@aura/contracts';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import { isCommitted } from './committed';
import { isSettled } from './give-up';
import { present } from './present';
import { isOwnStep } from './progress';
import { runAgain, standingAgain } from './run-again';
import type { RerunInput } from './saga-input';
import { stepOf, stepRunOf, undoItems } from './state';
import type { SagaState } from './state';
import type { TurnBuilder } from './turn';
import { undoOrder } from './undo-order';

/** A saga and the plan that it is pinned to. */
interface Folded {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
}

/** What a rerun from a step would do: what is undone, run again and carried over; `refusal` says why it is not done. */
export function rerunPlanOf({ compiled, state }: Folded, from: string): RerunPlan {
  const refusal = stateProblem(state) ?? stepProblem(compiled, from);
  const base = { sagaId: state.saga, status: state.status, from, run: state.run + 1 };
  if (refusal !== undefined) return { ...base, undo: [], again: [], carried: [], refusal };
  const again = runAgain({ compiled, state }, [from]);
  const isAgain = ({ id }: PlanStep): boolean => again.includes(id);
  const standing = standingAgain({ compiled, state }, again).filter((id) => !isUndone(state, id));
  const carried = compiled.plan.steps.filter(
    (step) => !isAgain(step) && (isOwnStep(step) || stepOf(state, step.id).end !== undefined),
  );
  return {
    ...base,
    undo: undoOrder(compiled, standing).map((step) => ({ step, run: stepRunOf(state, step) })),
    again: [...again],
    carried: carried.map(({ id }) => ({
      step: id,
      run: stepRunOf(state, id),
      status: stepOf(state, id).end ?? 'open',
    })),
    ...present({ refusal: effectProblem({ compiled, state }, again) }),
  };
}

/** Begins a rerun; nothing where {@link rerunPlanOf} refuses. */
export function rerun(turn: TurnBuilder, { from, actor, reason }: RerunInput): void {
  const { refusal, undo, again } = rerunPlanOf(turn, from);
  if (refusal !== undefined) return;
  turn.add({ kind: 'rerunAsked', from, again, plan: undo.map(({ step }) => step), actor, reason });
}

function stateProblem({ saga, status, parent }: SagaState): string | undefined {
  if (parent !== undefined && hasEnded(status))
    return `saga ${saga} is a sub-saga and has ended: run its parent ${parent.saga} again from step ${parent.step}`;
  if (status === 'suspended' || hasEnded(status)) return undefined;
  const what = {
    running: 'let it end, or cancel it first',
    compensating: 'what it did is being undone; let it end first',
    compensation_failed: 'mend what could not be undone first, by retry or resolve',
  }[status];
  return `saga ${saga} is ${status}: ${what}`;
}

function stepProblem({ plan, nodes }: CompiledPlan, from: string): string | undefined {
  const node = nodes.get(from);
  if (node === undefined) {
    const known = plan.steps.filter(isOwnStep).map(({ id }) => id);
    return `${plan.definition} ${plan.version} has no step ${JSON.stringify(from.slice(0, 100))}; it has: ${known.join(', ')}`;
  }
  if (node.standsFor === undefined) return undefined;
  return `${from} is a fallback: run the step again that it stands for, ${node.standsFor}`;
}

/** What stands of the steps to be run again and cannot be undone: run again it would take effect twice. */
function effectProblem({ compiled, state }: Folded, again: readonly string[]): string | undefined {
  const pivot = compiled.plan.steps.find((step) => again.includes(step.id) && isCommitted(state, step));
  if (pivot !== undefined) return `step ${pivot.id} is applied and has no undo: it cannot be run again`;
  const left = state.undoing?.items.find(({ step, answer }) => answer === 'skipped' && again.includes(step));
  if (left === undefined) return undefined;
  return `the undo of step ${left.step} was skipped, so that its effect stands: run again it would take effect twice`;
}

/** Whether nothing stands of a step, because the saga was given up before. */
function isUndone(state: SagaState, id: string): boolean {
  return undoItems(state).some((item) => item.step === id && isSettled(item));
}
