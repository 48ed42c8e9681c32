import type { JsonValue } from '@aura/contracts';
import { MOST_STATE_CHARACTERS, stateSizeOf, TerminalError } from '@aura/kernel';
import type { z } from 'zod';
import { evaluateMapping } from '../plan/mapping';
import type { Action } from './action';
import type { StepTask } from './step-task';

/** A step's input as it was mapped, and as the action's schema read it. */
export interface StepInput {
  readonly raw: JsonValue;
  readonly value: unknown;
}

/** The input of a task's action. Errors: `TerminalError` when its schema refuses it. */
export function inputOf(task: StepTask, action: Action): StepInput {
  const mapped = evaluateMapping(task.step.input, task.scope);
  const raw = mapped === undefined ? {} : mapped;
  const parsed = action.input.safeParse(raw);
  if (parsed.success) return { raw, value: parsed.data };
  throw new TerminalError(
    `step ${task.key.step} got an input that ${action.name} refuses: ${issuesOf(parsed.error)}`,
    {
      code: 'INVALID_STEP_INPUT',
      help: 'Mend the input mapping of the step in the definition, or the schema of the action.',
    },
  );
}

/** What an action answered, as its schema reads it. Errors: `TerminalError` when the schema refuses it, or no saga could keep it. */
export function outputOf(task: StepTask, action: Action, output: unknown): JsonValue {
  const parsed = action.output.safeParse(output);
  if (parsed.success) return bounded(parsed.data as JsonValue, `the output of action ${action.name}`, task);
  throw new TerminalError(
    `action ${action.name} of step ${task.key.step} answered what its schema refuses: ${issuesOf(parsed.error)}`,
    {
      code: 'INVALID_STEP_OUTPUT',
      help: 'Mend the action: its output must match the schema it declares.',
    },
  );
}

/** A payload that a saga can keep. Errors: `TerminalError` over the bound of a saga's state. */
export function bounded(payload: JsonValue, what: string, { key }: StepTask): JsonValue {
  const size = stateSizeOf(payload);
  if (size <= MOST_STATE_CHARACTERS) return payload;
  throw new TerminalError(
    `${what} of step ${key.step} has about ${size} characters of JSON, at most ${MOST_STATE_CHARACTERS} are allowed`,
    {
      code: 'OUTPUT_TOO_LARGE',
      help: 'Put large content into the claim check and answer its digest; let outputs name what later steps need.',
    },
  );
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || '(all of it)'}: ${message}`).join('; ');
}
