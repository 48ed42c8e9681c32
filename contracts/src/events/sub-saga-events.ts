import * as z from 'zod';
import { jsonValue } from '../json-value';
import { snakeName } from '../names';
import { endedSagaStatus } from '../saga-state';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';

/** Whose sub-saga: the step of a saga's run that it performs, and which of that step's sub-sagas it is, from 1. */
export const parentRef = z.object({
  saga: z.string().min(1),
  run: z.number().int().min(1),
  step: snakeName,
  iteration: z.number().int().min(1),
});
export type ParentRef = Readonly<z.infer<typeof parentRef>>;

/** What a sub-saga is opened with, by whatever reaches it first. */
const child = {
  parent: parentRef,
  /** The plan that it is pinned to. */
  digest: z.string().min(1),
  /** Who acts in the parent. */
  actor: z.object({ subject: z.string(), roles: z.array(z.string()) }),
  userId: z.string().exactOptional(),
};

/** A step of type saga is reached, or its sub-saga is asked how it stands. Internal to the tracker's queues. */
export const subSagaStartRequested = defineEvent(
  'ai.aura.sub-saga.start-requested.v1',
  'A sub-saga is to begin; one that has begun says how it ended, if it has.',
  z.object({ ...child, input: jsonValue }),
);

/** The parent was given up, or goes on without the step. Internal to the tracker's queues. */
export const subSagaStopRequested = defineEvent(
  'ai.aura.sub-saga.stop-requested.v1',
  'A sub-saga is to go no further; what it did is to be undone, and one that has not begun is not to begin.',
  z.object({
    ...child,
    /** `ask`: one that has completed says so, and stands. */
    mode: z.enum(['undo', 'ask']),
    /** Counts the requests for the step in its run. */
    epoch: z.number().int().min(1),
    /** Whether a later sub-saga of the same step was undone before. */
    undone: z.boolean(),
    /** A person left what a later sub-saga of the same step did as it stands. */
    skipped: z.literal(true).optional(),
    error: errorRecord,
  }),
);

/** A sub-saga tells its parent how it ended. Internal to the tracker's queues. */
export const subSagaEnded = defineEvent(
  'ai.aura.sub-saga.ended.v1',
  'A sub-saga ended.',
  z.object({
    child: z.string().min(1),
    iteration: z.number().int().min(1),
    status: endedSagaStatus,
    output: jsonValue.optional(),
    error: errorRecord.optional(),
  }),
);
