import { idempotencyKey } from '@aura/contracts';
import { z } from 'zod';

/** `Idempotency-Key`, where there is one. */
export const idempotencyKeyHeader = idempotencyKey.optional();

/** `Last-Event-ID`: the sequence of the newest entry that the client has; absent or empty: from the beginning. */
export const lastEventId = z
  .string()
  .default('')
  .refine((text) => /^\d{0,15}$/.test(text), 'must be the id of an entry of this feed, a whole number')
  .transform((text) => Number(text));
