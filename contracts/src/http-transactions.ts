import * as z from 'zod';
import { errorRecord } from './events/errors';
import { heldResource, transactionVote } from './events/transaction-events';

/** Where a transaction stands; `unknown`: what was decided was lost; `forgotten`: a person has taken it off the board. */
export const transactionStatus = z.enum([
  'preparing',
  'unknown',
  'committing',
  'committed',
  'aborting',
  'aborted',
  'undoing',
  'undone',
  'undo_failed',
  'forgotten',
]);
export type TransactionStanding = z.infer<typeof transactionStatus>;

/** A transaction on the board. */
export const transactionSummary = z.object({
  transaction: z.string(),
  sagaId: z.string(),
  step: z.string(),
  definition: z.string(),
  status: transactionStatus,
  startedAt: z.string(),
  ageMs: z.number().int(),
  /** Branches that are waited for. */
  waitsFor: z.array(z.string()),
});
export type TransactionSummary = z.infer<typeof transactionSummary>;

/** One branch of a transaction. */
export const transactionBranchDetail = z.object({
  id: z.string(),
  participant: z.string(),
  action: z.string(),
  vote: transactionVote.optional(),
  error: errorRecord.optional(),
  /** It could not prepare, or not be undone, for want of an answer: what could not be handled. */
  deadLetterId: z.string().optional(),
  /** What it holds until it has done what was decided. */
  held: z.array(heldResource),
  /** It has done what was decided, or a person answered for it. */
  done: z.boolean(),
  byHand: z.object({ by: z.string(), note: z.string() }).optional(),
  undo: z.enum(['asked', 'undone', 'nothing', 'failed']).optional(),
});

/** `GET /api/v1/transactions/:transaction`: votes, who is waited for, what is held, what happens next. */
export const transactionDetail = transactionSummary.extend({
  run: z.number().int(),
  n: z.number().int(),
  branches: z.array(transactionBranchDetail),
  decidedAt: z.string().optional(),
  endedAt: z.string().optional(),
  error: errorRecord.optional(),
  /** Of the branch that it was aborted for: what could not be handled. */
  deadLetterId: z.string().optional(),
  /** One sentence: where it stands and why. */
  why: z.string(),
  /** What happens next, and when. */
  next: z.string(),
});
export type TransactionDetail = z.infer<typeof transactionDetail>;

/** `GET /api/v1/transactions`, newest first. */
export const transactionList = z.object({ transactions: z.array(transactionSummary) });
export type TransactionList = z.infer<typeof transactionList>;

/** Query of `GET /api/v1/transactions`. */
export const transactionQuery = z.strictObject({
  /** `open`: what has not ended; default. `all`: everything but what was forgotten. */
  which: z.enum(['open', 'all']).default('open'),
  sagaId: z.string().min(1).optional(),
});
export type TransactionQuery = z.infer<typeof transactionQuery>;

/** Body of `POST /api/v1/transactions/:transaction/decide`. */
export const decideRequest = z.strictObject({
  decision: z.enum(['committed', 'aborted']),
  /** Why; it stands in the transaction's journal. */
  note: z.string().min(1).max(500),
});
export type DecideBody = z.infer<typeof decideRequest>;
