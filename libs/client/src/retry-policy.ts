import {
  ExponentialBackoff,
  handleWhen,
  retry,
  type IBackoff,
  type IBackoffFactory,
  type IRetryBackoffContext,
  type RetryPolicy,
} from 'cockatiel';
import { AuraProblemError, AuraUnreachableError } from './errors';

/** The longest wait that a `Retry-After` may ask for before the error is given to the caller, milliseconds. */
const LONGEST_WAIT_MS = 30_000;

const PASSING_STATUS: readonly number[] = [429, 502, 503, 504];

/** Retries what may pass: nobody answered, too many requests, unavailable. Waits 100 ms, doubling with jitter, to `maxDelayMs`. */
export function retryPolicy(maxAttempts: number, maxDelayMs: number): RetryPolicy {
  const backoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: maxDelayMs });
  return retry(handleWhen(mayPass), { maxAttempts, backoff: askedFor(backoff) });
}

function mayPass(error: Error): boolean {
  if (error instanceof AuraUnreachableError) return true;
  if (!(error instanceof AuraProblemError) || !PASSING_STATUS.includes(error.status)) return false;
  return (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;
}

type Context = IRetryBackoffContext<unknown>;

/** Waits at least as long as the answer asked for. */
function askedFor(inner: IBackoffFactory<Context>): IBackoffFactory<Context> {
  return {
    next(context: Context): IBackoff<Context> {
      const wait = inner.next(context);
      const error = 'error' in context.result ? context.result.error : undefined;
      const asked = error instanceof AuraProblemError ? (error.retryAfterMs ?? 0) : 0;
      return { duration: Math.max(wait.duration, asked), next: (later) => askedFor(wait).next(later) };
    },
  };
}
