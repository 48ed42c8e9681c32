import type { PlanStep } from '@aura/workflow';
import type { Actor } from '../coordinator';
import { openStep } from './built-in/begun';
import { isCommitted } from './committed';
import { isDone } from './progress';
import { runAgain, standingAgain } from './run-again';
import { stepOf } from './state';
import type { Rerun, SagaState } from './state';
import { UNTOLD } from './triggers';
import type { TurnBuilder } from './turn';
import { undoOrder } from './undo-order';

const BY_COORDINATOR: Actor = { subject: 'coordinator', roles: ['system'] };

/**
 * Has a saga go on without a step whose participant says nothing: what is behind it begins a new run, in which the step has
 * failed, and whatever is still said of it is of the past. What may have taken effect behind it is fenced first. `unknown`: all
 * steps that are asked about; those that nobody has seen the end of are left behind together.
 *
 * Answers false where the step's own end must be waited for: somebody behind it has seen it, or its place behind an `any` that
 * has gone on already would be told to that step once more.
 */
export function leaveBehind(turn: TurnBuilder, step: PlanStep, unknown: readonly PlanStep[]): boolean {
  const left = unknown.filter((other) => canBeLeft(turn, other));
  const again = runAgain(
    { ...turn, isKept: (other) => hasGoneOn(turn.state, other) },
    left.map(({ id }) => id),
  );
  const { steps } = turn.compiled.plan;
  const pivot = steps.find((other) => again.includes(other.id) && isCommitted(turn.state, other));
  if (!left.includes(step) || pivot !== undefined) return false;
  const standing = standingAgain(turn, again);
  turn.add({
    kind: 'rerunAsked',
    from: step.id,
    again,
    abandoned: left.map(({ id }) => id),
    plan: undoOrder(turn.compiled, standing),
    actor: BY_COORDINATOR,
    reason: `nobody says how step ${step.id} ended`,
  });
  return true;
}

/** Begins the run; a step whose word came after all is carried over as every other. */
export function beginRun(turn: TurnBuilder, rerun: Rerun): void {
  const { abandoned = [] } = rerun;
  const failed = abandoned.filter((id) => stepOf(turn.state, id).end === 'failed');
  const carried = abandoned.filter((id) => !failed.includes(id));
  const errors = failed.map((id) => stepOf(turn.state, id).error ?? UNTOLD);
  turn.add({
    kind: 'runBegan',
    run: turn.state.run + 1,
    ...rerun,
    again: rerun.again.filter((id) => !carried.includes(id)),
    ...(rerun.abandoned === undefined ? {} : { abandoned: failed }),
  });
  turn.compiled.plan.steps
    .filter(({ id }) => failed.includes(id))
    .forEach((step) => turn.fail(step, errors[failed.indexOf(step.id)] ?? UNTOLD));
}

/** Nobody has seen its end. A fallback tells its end itself, to all behind its step: none of them may stay in its run. */
function canBeLeft({ compiled, state }: TurnBuilder, step: PlanStep): boolean {
  const behind = step.dependents.flatMap((id) => compiled.nodes.get(id) ?? []);
  const hasNode = step.failure.policy === 'fallback' && 'node' in step.failure;
  if (hasNode && behind.some((other) => hasGoneOn(state, other))) return false;
  return !isSeen({ compiled, state }, step);
}

/** Whether a step behind it has ended, or one behind that; an `any` may have gone on without it. */
function isSeen(turn: Pick<TurnBuilder, 'compiled' | 'state'>, step: PlanStep): boolean {
  return step.dependents
    .flatMap((id) => turn.compiled.nodes.get(id) ?? [])
    .some(
      (other) =>
        other.join !== 'any' && (stepOf(turn.state, other.id).end !== undefined || isSeen(turn, other)),
    );
}

/** Whether a join of kind `any` has gone on without the rest: it is done, or has begun in the coordinator. */
function hasGoneOn(state: SagaState, { id, join }: PlanStep): boolean {
  const own = stepOf(state, id);
  return join === 'any' && (isDone(own.end) || openStep(own) !== undefined);
}
