import * as z from 'zod';
import { sagaStatus } from './saga-state';

/** Body of `POST /api/v1/workflows/:sagaId/rerun`. */
export const rerunRequest = z.strictObject({
  /** The step from which the saga goes on again. */
  from: z.string().min(1),
  /** Why; it stands in the saga's journal. */
  reason: z.string().min(1).max(500),
});

/** Query of `GET /api/v1/workflows/:sagaId/rerun`. */
export const rerunQuery = z.strictObject({ from: z.string().min(1) });

/** `GET /api/v1/workflows/:sagaId/rerun?from=STEP`: what a rerun would do, without doing it. */
export const rerunPlan = z.object({
  sagaId: z.string(),
  status: sagaStatus,
  from: z.string(),
  /** The number of the new run. */
  run: z.number().int(),
  /** What is undone first, in the order in which it may be, each in the run in which it was applied. */
  undo: z.array(z.object({ step: z.string(), run: z.number().int() })),
  /** Steps that run again, in the order of the definition. */
  again: z.array(z.string()),
  /** Steps that keep their end, and the run that it is of; `open`: it is still to come. */
  carried: z.array(z.object({ step: z.string(), run: z.number().int(), status: z.string() })),
  /** Why it is refused as the saga stands. */
  refusal: z.string().optional(),
});

export type RerunBody = z.infer<typeof rerunRequest>;
export type RerunQuery = z.infer<typeof rerunQuery>;
export type RerunPlan = z.infer<typeof rerunPlan>;
