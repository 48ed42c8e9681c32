import type { RetryPolicy } from '../plan/plan';
import type { RetryDefinition } from './definition-schema';

const DEFAULT_STEP_TIMEOUT = 30_000;

/** Time limit of a step, ms: its own, else 30 s or the saga's when that is shorter. */
export function stepTimeoutOf(saga: number, own: number | undefined): number {
  return own ?? Math.min(DEFAULT_STEP_TIMEOUT, saga);
}

/** The retry policy of a step: its own members, else those of the definition, else the defaults. */
export function retryOf(definition: RetryDefinition, step: RetryDefinition): RetryPolicy {
  return {
    maxAttempts: step.maxAttempts ?? definition.maxAttempts ?? 3,
    initialDelayMs: step.initialDelay ?? definition.initialDelay ?? 500,
    multiplier: step.multiplier ?? definition.multiplier ?? 2,
    maxDelayMs: step.maxDelay ?? definition.maxDelay ?? 30_000,
    maxEpochs: step.maxEpochs ?? definition.maxEpochs ?? 2,
  };
}
