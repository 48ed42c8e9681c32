import { TerminalError } from '@aura/kernel';
import { compileExpression } from '../expression/expression';
import type { Expression } from '../expression/expression';
import { awaitedType } from './built-in';
import type { Plan, PlanStep } from './plan';

/** A plan with its conditions compiled and its nodes by id, made once per process. */
export interface CompiledPlan {
  readonly plan: Plan;
  readonly nodes: ReadonlyMap<string, PlanStep>;
  /** Steps without dependencies: those that `saga.started` triggers. */
  readonly roots: readonly PlanStep[];
  /** Compiled `when` by step. */
  readonly conditions: ReadonlyMap<string, Expression>;
  /** Steps that wait for an event. */
  readonly eventWaits: readonly PlanStep[];
  /** Compiled `correlate` of the waits for events, by step. */
  readonly correlates: ReadonlyMap<string, Expression>;
  /** Compiled `until` of the sub-sagas that are repeated, by step. */
  readonly untils: ReadonlyMap<string, Expression>;
  /** Compiled success criteria, in order. */
  readonly criteria: readonly Expression[];
}

/** Compiles the expressions of a plan. Errors: `TerminalError` when one does not compile (a compiler would have refused it). */
export function compilePlan(plan: Plan): CompiledPlan {
  const of = (source: (step: PlanStep) => string | undefined, roots?: readonly string[]) =>
    expressions(plan, source, roots);
  return {
    plan,
    nodes: new Map(plan.steps.map((step) => [step.id, step])),
    roots: plan.steps.filter(
      ({ dependencies, standsFor }) => dependencies.length === 0 && standsFor === undefined,
    ),
    conditions: of(({ when }) => when),
    eventWaits: plan.steps.filter(({ builtIn }) => awaitedType(builtIn) !== undefined),
    correlates: of(({ builtIn }) => (builtIn?.type === 'wait' ? builtIn.correlate : undefined), ['event']),
    untils: of(({ builtIn }) => (builtIn?.type === 'saga' ? builtIn.repeat?.until : undefined), ['output']),
    criteria: plan.successCriteria.map((source) => compiled(plan, source)),
  };
}

/** The expressions that steps have in one place, by step. */
function expressions(
  plan: Plan,
  sourceOf: (step: PlanStep) => string | undefined,
  roots?: readonly string[],
): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  for (const step of plan.steps) {
    const source = sourceOf(step);
    if (source !== undefined) found.set(step.id, compiled(plan, source, roots));
  }
  return found;
}

function compiled(plan: Plan, source: string, roots: readonly string[] = ['input', 'steps']): Expression {
  const result = compileExpression(source, { roots });
  if (result.ok) return result.value;
  throw new TerminalError(
    `plan ${plan.digest} of ${plan.definition} has an expression that does not compile: ${source}`,
    {
      code: 'INVALID_PLAN',
      help: 'Publish the definition again with this version of Aura.',
      details: { problem: result.error },
    },
  );
}
