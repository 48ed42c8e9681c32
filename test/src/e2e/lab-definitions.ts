import type { JsonValue } from '@aura/contracts';

type Step = Readonly<Record<string, JsonValue>>;

const delayMs = 'input.delayMs';
const say = { action: 'lab-say', input: { delayMs, word: 'input.item' } };
const look = { action: 'lab-look', input: { delayMs } };
const count = { action: 'lab-count', input: { delayMs, item: 'input.item' } };

function definition(id: string, steps: readonly Step[], output: JsonValue): JsonValue {
  return {
    id,
    name: id,
    version: '1.0.0',
    input: {
      type: 'object',
      properties: { item: { type: 'string' }, delayMs: { type: 'number' } },
      required: ['item', 'delayMs'],
    },
    timeout: '5m',
    output,
    steps: steps as JsonValue,
  };
}

/**
 * The lab's definitions: a chain of five through all kinds of action that counts twice, a join of three branches that
 * counts once, and a step that is skipped because its condition is false.
 */
export const LAB_DEFINITIONS: readonly JsonValue[] = [
  definition(
    'lab_chain',
    [
      { id: 'first', ...say },
      { id: 'second', ...count, dependencies: ['first'] },
      { id: 'third', ...look, dependencies: ['second'] },
      { id: 'fourth', ...count, dependencies: ['third'] },
      { id: 'fifth', ...say, dependencies: ['fourth'] },
    ],
    { said: 'steps.fifth.output.value', seen: 'steps.third.output.value' },
  ),
  definition(
    'lab_join',
    [
      { id: 'left', ...say },
      { id: 'middle', ...look, input: { delayMs: 0 } },
      { id: 'right', ...count },
      { id: 'both', ...say, dependencies: ['left', 'middle', 'right'] },
    ],
    { said: 'steps.both.output.value', seen: 'steps.middle.output.value' },
  ),
  definition(
    'lab_skip',
    [
      { id: 'first', ...say },
      { id: 'never', ...say, dependencies: ['first'], when: "steps.first.output.value == 'nobody'" },
      { id: 'behind', ...say, dependencies: ['never'] },
      { id: 'last', ...count, dependencies: ['first', 'behind'], join: 'ended' },
    ],
    { counted: 'steps.last.output.value' },
  ),
];

/** How often a saga of a definition adds one to the counter of its item. */
export const COUNTS: Readonly<Record<string, number>> = { lab_chain: 2, lab_join: 1, lab_skip: 1 };
