import type { PlanStep, UndoPolicy } from './plan';

/** What holds for an undo whose step says nothing of it. */
export const UNDO_DEFAULTS: UndoPolicy = {
  timeoutMs: 30_000,
  retry: { maxAttempts: 5, initialDelayMs: 500, multiplier: 2, maxDelayMs: 30_000, maxEpochs: 3 },
};

/** Time limit and retries of a step's undo; plans of an older compiler do not name them. */
export function undoPolicyOf({ undoPolicy }: Pick<PlanStep, 'undoPolicy'>): UndoPolicy {
  return undoPolicy ?? UNDO_DEFAULTS;
}
