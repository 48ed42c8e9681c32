import { ExponentialBackoff, handleWhen, retry, type IBackoff, type RetryPolicy } from 'cockatiel';
import { AuraProblemError, AuraUnreachableError } from './errors';
import { pause } from './pause';

/** The longest wait that a `Retry-After` may ask for before the error is given to the caller, milliseconds. */
const LONGEST_WAIT_MS = 30_000;

/** 408: the request did not come whole, so that it had no effect; whoever was to read it had stood still for a while. */
const PASSING_STATUS: readonly number[] = [408, 429, 502, 503, 504];

/**
 * Repeats what may pass: nobody answered or read, too many requests, unavailable. Waits 100 ms, doubling with jitter up to a
 * limit, or as long as the answer asked for (`Retry-After`).
 */
export class Retries {
  private readonly policy: RetryPolicy;
  private readonly backoff: ExponentialBackoff<unknown>;

  /** `maxDelayMs`: longest wait between two attempts that nobody asked for. */
  constructor(maxAttempts: number, maxDelayMs: number) {
    this.policy = retry(handleWhen(mayPass), { maxAttempts });
    this.backoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: maxDelayMs });
  }

  /** Runs something until it succeeds, fails for good, or has been tried often enough. An abort is heard while waiting, too. */
  execute<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let failure: unknown;
    let wait: IBackoff<unknown> | undefined;
    return this.policy.execute(async (context) => {
      // The policy's own waits cannot be interrupted.
      if (context.attempt > 0) {
        wait = wait === undefined ? this.backoff.next() : wait.next(undefined);
        await pause(Math.max(wait.duration, askedWait(failure)), signal);
      }
      try {
        return await attempt();
      } catch (error) {
        failure = error;
        throw error;
      }
    }, signal);
  }
}

function mayPass(error: Error): boolean {
  if (error instanceof AuraUnreachableError) return true;
  return (
    error instanceof AuraProblemError &&
    PASSING_STATUS.includes(error.status) &&
    askedWait(error) <= LONGEST_WAIT_MS
  );
}

function askedWait(error: unknown): number {
  return error instanceof AuraProblemError ? (error.retryAfterMs ?? 0) : 0;
}
