import { z } from 'zod';

/** `Idempotency-Key`: 1 to 200 printable ASCII characters. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces')
  .optional();

/** `Last-Event-ID`: the sequence of the newest entry that the client has; absent or empty: from the beginning. */
export const lastEventId = z
  .string()
  .default('')
  .refine((text) => /^\d{0,15}$/.test(text), 'must be the id of an entry of this feed, a whole number')
  .transform((text) => Number(text));

/** `?reason=` of a cancel. */
export const cancelReason = z.string().min(1).max(500).optional();

/** `?file=`: how problems name the definition. */
export const fileName = z.string().min(1).max(300).optional();
