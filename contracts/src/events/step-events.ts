import { z } from 'zod';
import { jsonValue } from '../json-value';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';
import { stepContext } from './step-context';

/** The step's condition was false, or every way to it was skipped. */
export const stepSkipped = defineEvent(
  'ai.aura.step.skipped.v1',
  'A step was skipped: its condition was false, or its join could not be met.',
  z.object({ reason: z.string(), context: stepContext.optional() }),
);

/** An optional step failed and the saga goes on with the step's default output. */
export const stepContinued = defineEvent(
  'ai.aura.step.continued.v1',
  'An optional step failed; the saga goes on with its default output.',
  z.object({ output: jsonValue, error: errorRecord, context: stepContext.optional() }),
);

/** A step failed for good at its participant; the step's failure policy decides what follows. */
export const stepFailed = defineEvent(
  'ai.aura.step.failed.v1',
  'A step failed for good at its participant.',
  z.object({
    error: errorRecord,
    attempts: z.number().int().min(1),
    deadLetterId: z.string().optional(),
  }),
);

/** The coordinator asks for a step's fallback node; a trigger like any other. */
export const stepFallbackRequested = defineEvent(
  'ai.aura.step.fallback-requested.v1',
  'A step failed and its fallback action is to run in its place.',
  z.object({ error: errorRecord, context: stepContext.optional() }),
);
