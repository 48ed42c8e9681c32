import type { RetryPolicy, UndoPolicy } from '../plan/plan';
import { UNDO_DEFAULTS } from '../plan/undo-policy';
import type { RetryDefinition, StepDefinition } from './definition-schema';

const DEFAULT_STEP_TIMEOUT = 30_000;

const RETRY_DEFAULTS = {
  maxAttempts: 3,
  initialDelay: 500,
  multiplier: 2,
  maxDelay: 30_000,
  maxEpochs: 2,
} as const;

/** Time limit of a step, ms: its own, else 30 s or the saga's when that is shorter; what lives in the coordinator may take as long as the saga. */
export function stepTimeoutOf(
  saga: number,
  { timeout, type }: Pick<StepDefinition, 'timeout' | 'type'>,
): number {
  return timeout ?? (type === 'command' ? Math.min(DEFAULT_STEP_TIMEOUT, saga) : saga);
}

/** The retry policy of a step: its own members, else those of the definition, else the defaults. */
export function retryOf(definition: RetryDefinition, step: RetryDefinition): RetryPolicy {
  const { initialDelay, maxDelay, ...counts } = { ...RETRY_DEFAULTS, ...definition, ...step };
  return { ...counts, initialDelayMs: initialDelay, maxDelayMs: maxDelay };
}

/** A sub-saga undoes several steps one after the other, and says itself when it cannot. */
const SAGA_UNDO: UndoPolicy = { timeoutMs: 60_000, retry: { ...UNDO_DEFAULTS.retry, maxEpochs: 10 } };

/** Time limit and retries of a step's undo: what is written, else the defaults; the definition's own policy is for actions. */
export function undoPolicyOf({ undo, type }: Pick<StepDefinition, 'undo' | 'type'>): UndoPolicy {
  const { timeoutMs, retry } = type === 'saga' ? SAGA_UNDO : UNDO_DEFAULTS;
  const { initialDelay, maxDelay, ...counts } = undo?.retryPolicy ?? {};
  return {
    timeoutMs: undo?.timeout ?? timeoutMs,
    retry: {
      ...retry,
      ...counts,
      ...(initialDelay === undefined ? {} : { initialDelayMs: initialDelay }),
      ...(maxDelay === undefined ? {} : { maxDelayMs: maxDelay }),
    },
  };
}
