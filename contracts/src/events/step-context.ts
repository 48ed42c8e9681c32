import * as z from 'zod';
import { jsonValue } from '../json-value';

/**
 * What an event carries for steps further down, by liveness analysis of the plan: members of the saga's input
 * and of the outputs of earlier steps that somebody downstream reads. Never needed by a stranger.
 */
export const stepContext = z.object({
  input: z.record(z.string(), jsonValue).optional(),
  steps: z.record(z.string(), z.object({ output: jsonValue })).optional(),
});

/** Payload of a step event: the action's output, and what travels on for later steps. */
export function stepOutput<S extends z.ZodType>(output: S) {
  return z.object({ output, context: stepContext.optional() });
}

export type StepContext = z.infer<typeof stepContext>;
