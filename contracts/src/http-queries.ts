import * as z from 'zod';
import { sagaStatus } from './saga-state';

/** Longest wait that `POST /api/v1/workflows/execute` can be asked for, ms: 5 minutes. */
export const LONGEST_WAIT_MS = 300_000;

/** Query of `POST /api/v1/workflows/execute`: milliseconds to wait for the saga's end; default 30 s. */
export const executeQuery = z.strictObject({
  waitMs: z.coerce.number().int().min(1).max(LONGEST_WAIT_MS).optional(),
});

const text = z.string().min(1).max(200);
const time = z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339, e.g. 2026-01-31T12:00:00Z' });

/** Query of `GET /api/v1/workflows`. `status` may come several times, or as a list with commas. */
export const sagaListQuery = z.strictObject({
  status: z
    .preprocess(
      (value) =>
        [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split(',') : [part])),
      z.array(sagaStatus).min(1).max(20),
    )
    .optional(),
  workflow: text.optional(),
  userId: text.optional(),
  /** Started then or later. */
  from: time.optional(),
  /** Started before then. */
  to: time.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.string().min(1).max(500).optional(),
});

/** Query of `DELETE /api/v1/workflows/:sagaId`: why it is cancelled. */
export const cancelQuery = z.strictObject({ reason: z.string().min(1).max(500).optional() });

/** Query of `DELETE /api/v1/definitions/:id`: one version; absent: all of them. */
export const retireQuery = z.strictObject({ version: text.optional() });

/** Query of what takes a definition's text: how problems name it. */
export const definitionQuery = z.strictObject({ file: z.string().min(1).max(300).optional() });

/** `Idempotency-Key`: 1 to 200 printable ASCII characters without spaces. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces');

export type ExecuteQuery = z.infer<typeof executeQuery>;
export type SagaListQuery = z.infer<typeof sagaListQuery>;
export type CancelQuery = z.infer<typeof cancelQuery>;
export type DefinitionQuery = z.infer<typeof definitionQuery>;
export type RetireQuery = z.infer<typeof retireQuery>;
