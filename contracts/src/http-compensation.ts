import * as z from 'zod';
import { errorRecord } from './events/errors';
import { jsonValue } from './json-value';
import { sagaStatus } from './saga-state';

/** How the undo of one step stands. `planned`: it would be undone if the saga were given up now. */
export const undoStatus = z.enum([
  'planned',
  'waiting',
  'asked',
  'undone',
  'nothing',
  'failed',
  'skipped',
  'resolved',
]);

/** One step of a saga's plan to undo. `ask`: a pivot, which is asked how it ended before anything is undone. */
export const undoDetail = z.object({
  step: z.string(),
  action: z.string(),
  participant: z.string(),
  undo: z.string().optional(),
  mode: z.enum(['undo', 'ask']),
  run: z.number().int(),
  /** Times it was asked for; 0: not yet. */
  epoch: z.number().int(),
  status: undoStatus,
  /** Steps that are undone before this one. */
  after: z.array(z.string()),
  error: errorRecord.optional(),
  deadLetterId: z.string().optional(),
  /** What a person said to it. */
  note: z.string().optional(),
});

/** `GET /api/v1/workflows/:sagaId/compensation`: what is being undone, or would be, in the order in which it may be. */
export const compensationPlan = z.object({
  sagaId: z.string(),
  status: sagaStatus,
  /** Whether the saga was given up. */
  begun: z.boolean(),
  /** Why it was. */
  error: errorRecord.optional(),
  failedStep: z.string().optional(),
  steps: z.array(undoDetail),
});

/** Body of `POST /api/v1/workflows/:sagaId/retry|skip|resolve|resume`. */
export const mendRequest = z.strictObject({
  /** Absent: every undo that failed, or the step that suspended the saga. */
  step: z.string().optional(),
  /** Why, or what was done by hand; it stands in the saga's journal. */
  reason: z.string().min(1).max(500),
  /** Of `resume`: the step's output. */
  output: jsonValue.optional(),
});

export type UndoDetail = z.infer<typeof undoDetail>;
export type CompensationPlan = z.infer<typeof compensationPlan>;
export type MendBody = z.infer<typeof mendRequest>;
