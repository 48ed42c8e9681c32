import type { JsonValue } from '@aura/contracts';
import { err, ok, TerminalError } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import type { CompiledPlan } from '../plan/compiled-plan';
import type { Scope } from './scope';
import type { StepTask } from './step-task';

/** Whether a task's condition holds; a task without one: yes. An error is a failure of the step, not "false". */
export function conditionOf(
  { conditions }: CompiledPlan,
  { step, scope }: Pick<StepTask, 'step' | 'scope'>,
): Result<boolean, TerminalError> {
  const condition = conditions.get(step.id);
  if (condition === undefined) return ok(true);
  const met = condition.holds({ input: scope.input, steps: stepsIn(scope) });
  return met.ok ? met : err(unevaluable(step.id, met.error.message));
}

/** Conditions are pure: trying again would not help. */
function unevaluable(step: string, reason: string): TerminalError {
  return new TerminalError(`the condition of step ${step} has no answer: ${reason}`, {
    code: 'CONDITION_ERROR',
    help: 'Mend the condition: guard what may be absent with has(), and compare like with like.',
  });
}

function stepsIn({ outputs, statuses }: Scope): JsonValue {
  const ids = new Set([...Object.keys(outputs), ...Object.keys(statuses)]);
  return Object.fromEntries([...ids].map((id) => [id, memberOf(outputs[id], statuses[id])]));
}

function memberOf(output: JsonValue | undefined, status: string | undefined): JsonValue {
  const member = output === undefined ? {} : { output };
  return status === undefined ? member : { ...member, status };
}
