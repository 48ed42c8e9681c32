import * as z from 'zod';
import { jsonValue } from '../json-value';
import { endedSagaStatus } from '../saga-state';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';
import { stepContext } from './step-context';

const definitionRef = { definition: z.string(), version: z.string() };

/** A saga began; the trigger of every step without dependencies. */
export const sagaStarted = defineEvent(
  'ai.aura.saga.started.v1',
  'A saga began. Triggers the steps without dependencies.',
  z.object({ ...definitionRef, context: stepContext }),
);

const ended = {
  ...definitionRef,
  startedAt: z.string(),
  endedAt: z.string(),
  /** Outputs of the steps that completed, by step id. */
  results: z.record(z.string(), jsonValue),
};

export const sagaCompleted = defineEvent(
  'ai.aura.saga.completed.v1',
  'A saga completed: every step ended and the success criteria hold.',
  z.object({ ...ended, output: jsonValue }),
);

export const sagaFailed = defineEvent(
  'ai.aura.saga.failed.v1',
  'A saga failed; nothing was there to undo. Partial results are kept.',
  z.object({ ...ended, error: errorRecord, failedStep: z.string().optional() }),
);

export const sagaCompensated = defineEvent(
  'ai.aura.saga.compensated.v1',
  'A saga was given up and everything applied was undone.',
  z.object({ ...ended, error: errorRecord, failedStep: z.string().optional() }),
);

export const sagaCancelled = defineEvent(
  'ai.aura.saga.cancelled.v1',
  'A saga was cancelled by a person or its parent.',
  z.object({ ...ended, reason: z.string() }),
);

export const sagaSuspended = defineEvent(
  'ai.aura.saga.suspended.v1',
  'A saga waits for a person.',
  z.object({ ...definitionRef, waitingFor: z.string(), until: z.string(), owner: z.string() }),
);

export const sagaCompensating = defineEvent(
  'ai.aura.saga.compensating.v1',
  'A saga was given up; what was applied is being undone.',
  z.object({ ...definitionRef, error: errorRecord, plan: z.array(z.string()) }),
);

export const sagaCompensationFailed = defineEvent(
  'ai.aura.saga.compensation-failed.v1',
  'Something that was applied could not be undone; a person must look.',
  z.object({
    ...definitionRef,
    error: errorRecord,
    applied: z.array(z.string()),
    failedStep: z.string().optional(),
  }),
);

/** A saga that had stopped goes on: a person mended it, or its pivot turned out to be applied. */
export const sagaResumed = defineEvent(
  'ai.aura.saga.resumed.v1',
  'A saga that had stopped goes forward again.',
  z.object({ ...definitionRef, reason: z.string() }),
);

/** A person did something about a saga that waits for one. */
export const sagaMended = defineEvent(
  'ai.aura.saga.mended.v1',
  'A person had something retried, left it, undid it by hand, or gave an output by hand.',
  z.object({
    ...definitionRef,
    command: z.enum(['retry', 'skip', 'resolve', 'resume']),
    by: z.string(),
    reason: z.string(),
    steps: z.array(z.string()),
  }),
);

/** A saga goes on again from a step; what was applied from there on has been undone. */
export const sagaRerun = defineEvent(
  'ai.aura.saga.rerun.v1',
  'A saga goes on again from a step, as a new run; ends of the other steps are carried over.',
  z.object({
    ...definitionRef,
    run: z.number().int(),
    from: z.string(),
    again: z.array(z.string()),
    by: z.string(),
    reason: z.string(),
  }),
);

/** A step was asked for again, because nobody answered in time. */
export const sagaStepRetried = defineEvent(
  'ai.aura.saga.step-retried.v1',
  'The coordinator asked for a step again because nobody answered in time.',
  z.object({ ...definitionRef, step: z.string(), epoch: z.number().int() }),
);

/** Due timer of a saga, published to its own partition. Internal to the tracker's queues. */
export const sagaTimerDue = defineEvent(
  'ai.aura.saga.timer-due.v1',
  'A timer of a saga is due; counts only if the state still waits for it.',
  z.object({ timer: z.string(), until: z.number() }),
);

/** The closed union of final states. */
export const endedStatus = endedSagaStatus;
