import * as z from 'zod';
import { jsonValue } from '../json-value';
import { defineEvent } from './define-event';
import { errorRecord } from './errors';
import { stepContext, stepOutput } from './step-context';

/** A step that lives in the coordinator (a wait, a sub-saga) completed. To the key `<type>.<definition>`, as every step's end. */
export const stepCompleted = defineEvent(
  'ai.aura.step.completed.v1',
  'A step that lives in the coordinator completed.',
  stepOutput(jsonValue),
);

/** A step that lives in the coordinator began. News for whoever looks on; it triggers nothing. */
export const stepBegun = defineEvent(
  'ai.aura.step.begun.v1',
  'A step that lives in the coordinator began: it says what it waits for.',
  z.object({
    definition: z.string(),
    version: z.string(),
    type: z.string(),
    waitingFor: z.string(),
    until: z.string().optional(),
  }),
);

/** An event that a saga waits for came, from the ingress to its partition. Internal to the tracker's queues. */
export const stepEventArrived = defineEvent(
  'ai.aura.step.event-arrived.v1',
  'An event came for a step that waits for it; counts only if the saga still does.',
  z.object({ event: z.object({ source: z.string(), id: z.string(), type: z.string() }), data: jsonValue }),
);

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

/** The coordinator asks a participant to undo a step, whatever has become of it there. To the key `<type>.<participant>`. */
export const stepUndoRequested = defineEvent(
  'ai.aura.step.undo-requested.v1',
  'A saga was given up; what this step did is to be undone, and nothing of it may take effect any more.',
  z.object({ error: errorRecord }),
);

/** The coordinator asks how a stateful step ended before it goes on without it. To the key `<type>.<participant>`. */
export const stepEndRequested = defineEvent(
  'ai.aura.step.end-requested.v1',
  'Nobody knows how this step ended: its participant says it, or refuses the step from now on.',
  z.object({ error: errorRecord }),
);

/** A participant undid a step: nothing of its effect stands, and nothing of it can take effect any more. */
export const stepUndone = defineEvent(
  'ai.aura.step.undone.v1',
  'What a step did was undone.',
  z.object({ undo: z.string() }),
);

/** A step had no effect at its participant, and a later action of it is refused. */
export const stepNothingToUndo = defineEvent(
  'ai.aura.step.nothing-to-undo.v1',
  'A step had no effect and will have none: there was nothing to undo.',
  z.object({ reason: z.string() }),
);

/** A step could not be undone; the fence stands, and the undo can be asked for again. */
export const stepUndoFailed = defineEvent(
  'ai.aura.step.undo-failed.v1',
  'What a step did could not be undone.',
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
