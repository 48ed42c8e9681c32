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

/**
 * Runs work under a time limit, in milliseconds. At the limit the signal aborts and the answer is a rejection with
 * {@link TimeLimitError}, whether the work heeds the signal or not.
 */
export async function withTimeLimit<T>(
  world: World,
  limit: { readonly what: string; readonly ms: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let cancel: () => void = () => undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = world.scheduler.after(limit.ms, () => {
      const error = new TimeLimitError(limit.what, limit.ms);
      reject(error);
      controller.abort(error);
    });
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    cancel();
  }
}
