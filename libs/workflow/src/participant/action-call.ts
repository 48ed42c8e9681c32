import type { ClaimCheck, Randomness, World } from '@aura/kernel';
import { withTimeLimit } from '@aura/messaging';
import type { SignalSource } from '@aura/messaging';
import { context, trace } from '@opentelemetry/api';
import type { ActionContext } from './action';
import { seededRandomness } from './seeded-randomness';
import { operationOf } from './step-task';
import type { StepTask } from './step-task';

/** What calling an action needs. */
export interface CallPorts {
  readonly world: World;
  readonly claims: ClaimCheck;
}

/** What a call is about: the part of a task that an undo has as well. */
export type CallTask = Pick<StepTask, 'key' | 'epoch' | 'attempt' | 'trigger'>;

/** Calls an action's code under the step's time limit. Errors: `TimeLimitError`, and what the code throws. */
export function callAction<T>(
  ports: CallPorts,
  task: StepTask,
  work: (context: ActionContext) => Promise<T> | T,
): Promise<T> {
  const limit = { what: `step ${task.key.step} (action ${task.step.action})`, ms: task.step.timeoutMs };
  return withTimeLimit(ports.world, limit, (signal) => {
    const { span } = task;
    if (span === undefined) return work(actionContext(ports, task, signal));
    // Spans of the action's own libraries are children of the step's, where the process has a context manager.
    return context.with(trace.setSpan(context.active(), span), () =>
      work(actionContext(ports, task, signal)),
    );
  });
}

/** What an action knows beside its input. */
export function actionContext(ports: CallPorts, task: CallTask, signal: SignalSource): ActionContext {
  const { key, epoch, attempt, trigger } = task;
  const operation = operationOf(task);
  let randomness: Randomness | undefined;
  return {
    ...key,
    epoch,
    attempt,
    ...(trigger.subject === undefined ? {} : { userId: trigger.subject }),
    operation,
    get randomness() {
      return (randomness ??= seededRandomness(operation));
    },
    now: trigger.time === undefined ? 0 : Date.parse(trigger.time),
    get signal() {
      return signal();
    },
    claims: ports.claims,
  };
}
