import { AuraError } from '@aura/kernel';
import type { World } from '@aura/kernel';

/** Work took longer than it may. Technical, so it is retried. */
export class TimeLimitError extends AuraError {
  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`, {
      code: 'TIME_LIMIT',
      help: "Raise the step's timeout, or find out what the work waits for.",
      details: { limitMs },
    });
  }
}

/** The signal of a time limit, made when somebody asks for it: most work never does. */
export type SignalSource = () => AbortSignal;

/**
 * Runs work under a time limit, in milliseconds. At the limit the signal aborts and the answer is a rejection with
 * {@link TimeLimitError}, whether the work heeds the signal or not. Work that answers at once needs no timer.
 */
export async function withTimeLimit<T>(
  world: World,
  limit: { readonly what: string; readonly ms: number },
  work: (signal: SignalSource) => PromiseLike<T> | T,
): Promise<T> {
  let controller: AbortController | undefined;
  let over: TimeLimitError | undefined;
  const signal: SignalSource = () => {
    controller ??= new AbortController();
    if (over !== undefined) controller.abort(over);
    return controller.signal;
  };
  const answer = work(signal);
  if (!isPromiseLike(answer)) return answer;
  return new Promise<T>((resolve, reject) => {
    const cancel = world.scheduler.after(limit.ms, () => {
      over = new TimeLimitError(limit.what, limit.ms);
      controller?.abort(over);
      reject(over);
    });
    answer.then(resolve, reject).then(cancel, cancel);
  });
}

function isPromiseLike<T>(value: PromiseLike<T> | T): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
