import * as z from 'zod';
import { errorRecord } from './events/errors';
import { sagaDetail } from './http';
import { jsonValue } from './json-value';

/**
 * A saga that has ended, told apart by `status`: the closed union of final states. Who switches over it without a default
 * is told by the compiler when a state is missing.
 */
export const sagaEnd = z.discriminatedUnion('status', [
  sagaDetail.extend({
    status: z.literal('completed'),
    endedAt: z.string(),
    /** `null` when the definition names no output. */
    output: jsonValue.default(null),
  }),
  sagaDetail.extend({ status: z.literal('failed'), endedAt: z.string(), error: errorRecord }),
  sagaDetail.extend({ status: z.literal('compensated'), endedAt: z.string(), error: errorRecord }),
  sagaDetail.extend({ status: z.literal('cancelled'), endedAt: z.string() }),
]);

export type SagaEnd = z.infer<typeof sagaEnd>;
export type CompletedSaga = Extract<SagaEnd, { readonly status: 'completed' }>;
export type FailedSaga = Extract<SagaEnd, { readonly status: 'failed' }>;
export type CompensatedSaga = Extract<SagaEnd, { readonly status: 'compensated' }>;
export type CancelledSaga = Extract<SagaEnd, { readonly status: 'cancelled' }>;
