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
  return new TaskContext(task, ports.claims, signal);
}

/** One shape for all actions, with what is rarely asked for made when it is: this stands on the path of every step. */
class TaskContext implements ActionContext {
  readonly saga: string;
  readonly run: number;
  readonly step: string;
  readonly epoch: number;
  readonly attempt: number;
  // Absent, not undefined, when nobody is named.
  declare readonly userId?: string;
  readonly operation: string;
  readonly now: number;
  readonly #signal: SignalSource;
  #randomness: Randomness | undefined;

  constructor(
    task: CallTask,
    readonly claims: ClaimCheck,
    signal: SignalSource,
  ) {
    const { key, epoch, attempt, trigger } = task;
    this.saga = key.saga;
    this.run = key.run;
    this.step = key.step;
    this.epoch = epoch;
    this.attempt = attempt;
    if (trigger.subject !== undefined) this.userId = trigger.subject;
    this.operation = operationOf(task);
    this.now = trigger.time === undefined ? 0 : Date.parse(trigger.time);
    this.#signal = signal;
  }

  get randomness(): Randomness {
    return (this.#randomness ??= seededRandomness(this.operation));
  }

  get signal(): AbortSignal {
    return this.#signal();
  }
}
