import type { JsonValue } from '@aura/contracts';
import { compileSchema } from '@aura/workflow';
import type { BookedSaga } from './booked-saga';
import type { Catalogue } from './catalogue';
import { violationText } from './start-refusals';

/**
 * Why an output that a person gives cannot be that of the step that suspended a saga: its action's schema, as its participant
 * announced it last, says otherwise. Undefined: it can, or nobody knows the action.
 */
export function givenOutputProblem(
  { compiled, state: { status, failedStep } }: Pick<BookedSaga, 'compiled' | 'state'>,
  output: JsonValue,
  catalogue: Pick<Catalogue, 'actions'>,
): string | undefined {
  const step = status === 'suspended' && compiled.plan.steps.find(({ id }) => id === failedStep);
  if (!step) return undefined;
  const action = catalogue.actions().get(step.action);
  const check = action && compileSchema(action.output);
  if (check?.ok !== true) return undefined;
  const violations = check.value(output);
  if (violations.length === 0) return undefined;
  return `the output does not fit action ${step.action} of step ${step.id}: ${violationText(violations, 'output')}`;
}
