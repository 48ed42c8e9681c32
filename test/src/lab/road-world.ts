import type { JsonValue } from '@aura/contracts';
import { labAction, labParticipant, refuse, takeAction } from './actions';

const calls: Record<string, number> = {};

function count(name: string): number {
  return (calls[name] = (calls[name] ?? 0) + 1);
}

/** Says, refuses, fails and hangs. */
export const one = labParticipant('one', [
  labAction('say', ({ word }) => word ?? 'nothing'),
  labAction('refuse', () => refuse('NO_WAY')),
  labAction('flaky', () => {
    if (count('flaky') < 3) throw new Error('not yet');
    return 'at last';
  }),
  labAction('broken', () => {
    throw new Error('always broken');
  }),
  labAction(
    'never',
    (_input, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      ),
  ),
]);
/** Joins, looks and takes. */
export const two = labParticipant('two', [
  labAction('join', (input) => input),
  labAction('cheap', () => 'cheap'),
  labAction('look', () => count('look'), 'reading'),
  takeAction(),
]);

const retryPolicy = { maxAttempts: 3, initialDelay: '10ms', maxDelay: '20ms' };

/** A definition of the road's specs, with quick retries. */
export function definition(
  id: string,
  steps: readonly JsonValue[],
  more: Readonly<Record<string, JsonValue>> = {},
): JsonValue {
  return {
    id,
    name: id,
    version: '1.0.0',
    input: { type: 'object', additionalProperties: true },
    retryPolicy,
    steps: steps.map((step) => ({
      name: 'step',
      type: 'command',
      ...(step as Readonly<Record<string, JsonValue>>),
    })),
    ...more,
  };
}

/** Everything that the road's specs run. */
export const definitions: readonly JsonValue[] = [
  definition(
    'joined',
    [
      { id: 'left', action: 'say', input: { word: 'input.left' } },
      { id: 'right', action: 'say', input: { word: 'input.right' } },
      {
        id: 'both',
        action: 'join',
        dependencies: ['left', 'right'],
        input: { left: 'steps.left.output.value', right: 'steps.right.output.value' },
      },
    ],
    { output: { both: 'steps.both.output.value' } },
  ),
  definition('conditional', [
    { id: 'first', action: 'say', input: { word: 'input.word' } },
    {
      id: 'maybe',
      action: 'say',
      dependencies: ['first'],
      when: "steps.first.output.value == 'yes'",
      input: { word: 'maybe' },
    },
    { id: 'behind', action: 'say', dependencies: ['maybe'], input: { word: 'behind' } },
    { id: 'any_way', action: 'join', dependencies: ['first', 'maybe'], join: 'any', input: {} },
    { id: 'after_all', action: 'join', dependencies: ['behind', 'first'], join: 'ended', input: {} },
  ]),
  definition('odd_condition', [
    { id: 'odd', action: 'say', when: 'input.absent > 3', input: { word: 'odd' } },
  ]),
  definition('refused', [{ id: 'no', action: 'refuse', input: {} }]),
  definition('flaky_flow', [{ id: 'again', action: 'flaky', input: {} }]),
  definition('broken_flow', [{ id: 'bad', action: 'broken', input: {} }]),
  definition(
    'optional',
    [
      {
        id: 'bad',
        action: 'broken',
        input: {},
        failure: { policy: 'continue', output: { value: 'default' } },
      },
      { id: 'next', action: 'join', dependencies: ['bad'], input: { got: 'steps.bad.output.value' } },
    ],
    { output: { got: 'steps.next.output.value' } },
  ),
  definition(
    'with_default',
    [
      {
        id: 'bad',
        action: 'refuse',
        input: {},
        failure: { policy: 'fallback', output: { value: 'default' } },
      },
      { id: 'next', action: 'join', dependencies: ['bad'], input: { got: 'steps.bad.output.value' } },
    ],
    { output: { got: 'steps.next.output.value' } },
  ),
  definition(
    'with_node',
    [
      { id: 'bad', action: 'refuse', input: {}, failure: { policy: 'fallback', action: 'cheap' } },
      { id: 'next', action: 'join', dependencies: ['bad'], input: { got: 'steps.bad.output.value' } },
    ],
    { output: { got: 'steps.next.output.value' } },
  ),
  definition('unanswered', [
    {
      id: 'slow',
      action: 'never',
      input: {},
      timeout: '200ms',
      retryPolicy: { maxAttempts: 20, initialDelay: '10ms', maxDelay: '10ms', maxEpochs: 2 },
    },
  ]),
  definition('hung', [{ id: 'slow', action: 'never', input: {}, timeout: '300ms' }], { timeout: '300ms' }),
  definition('criteria', [{ id: 'said', action: 'say', input: { word: 'input.word' } }], {
    successCriteria: ["steps.said.output.value == 'good'"],
  }),
  definition('taking', [
    { id: 'taken', action: 'take', input: { item: 'input.item', amount: 'input.amount' } },
    { id: 'seen', action: 'look', dependencies: ['taken'], input: {} },
  ]),
  definition('taking_then_bad', [
    { id: 'taken', action: 'take', input: { item: 'input.item' } },
    { id: 'bad', action: 'refuse', dependencies: ['taken'], input: {} },
  ]),
  definition('triggered', [{ id: 'said', action: 'say', input: { word: 'input.word' } }], {
    triggers: [
      { on: 'shop.order.placed.v1', when: 'event.data.total > 10', input: { word: 'event.data.word' } },
    ],
    output: { said: 'steps.said.output.value' },
  }),
];
