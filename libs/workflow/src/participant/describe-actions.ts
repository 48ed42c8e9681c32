import type { ActionDescription } from '@aura/contracts';
import { z } from 'zod';
import { isTransactional } from '../branch/branch-preparation';
import type { Action } from './action';

/** What a participant says of its actions. */
export function describeActions(actions: readonly Action[]): readonly ActionDescription[] {
  return actions.map((action) => ({
    name: action.name,
    kind: action.kind,
    description: action.description ?? '',
    input: schemaOf(action.input, 'input'),
    output: schemaOf(action.output, 'output'),
    emits: action.emits,
    publishes: [...(action.publishes ?? [])],
    ...undoOf(action),
    ...(isTransactional(action) ? { transactional: true } : {}),
  }));
}

function undoOf(action: Action): Pick<ActionDescription, 'undo'> {
  if (action.kind !== 'stateful' || action.undo === undefined) return {};
  return { undo: { name: action.undo.name, input: callSchemaOf(action) } };
}

/** What an undo is called with: the action's input, and its output where that is known. */
function callSchemaOf({ input, output }: Action): ActionDescription['input'] {
  const properties = { input: schemaOf(input, 'output'), output: schemaOf(output, 'output') };
  return { type: 'object', properties, required: ['input'] };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): ActionDescription['input'] {
  return z.toJSONSchema(schema, { io }) as ActionDescription['input'];
}
