import type { JsonObject } from '@aura/contracts';
import { play, rehearse } from '@aura/testing';
import type { Given, Outcome } from '@aura/testing';
import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';
import { hold, locker, stock } from './branch-stage';

/** A service with a store of its own, that holds things. */
function holder(name: string): ParticipantDefinition {
  const action = defineAction({ ...hold, name: `hold-${name}`, emits: `test.${name}-held.v1` });
  return { name, version: '1.0.0', actions: [action] };
}

const check = defineAction({
  name: 'check',
  kind: 'stateful',
  input: z.object({ units: z.number() }),
  output: z.object({}),
  resources: [stock],
  claim: ({ units }) => [{ type: 'stock', id: 'check', amount: units }],
  outcome: () => ({ output: {} }),
  undo: { name: 'uncheck' },
});

const BRANCHES = {
  left: { id: 'left', action: 'hold-left', input: { items: { 'coat-left': 4 } } },
  middle: { id: 'middle', action: 'hold-middle', input: { items: { 'coat-middle': 'input.units' } } },
  right: { id: 'right', action: 'hold-right', input: { lockers: { l1: 'input.name' } } },
} as const;
type Branch = keyof typeof BRANCHES;

const reserve = (branches: readonly Branch[]): JsonObject => ({
  id: 'reserve',
  type: 'transaction',
  transaction: { prepareTimeout: '2s', branches: branches.map((branch) => BRANCHES[branch]) },
});

const AFTER: JsonObject = {
  id: 'check',
  action: 'check',
  dependencies: ['reserve'],
  input: { units: 'input.check' },
};

const reserving = (branches: readonly Branch[]): JsonObject => ({
  id: 'reserving',
  name: 'Reserving',
  version: '1.0.0',
  input: {
    type: 'object',
    properties: { units: { type: 'number' }, name: { type: 'string' }, check: { type: 'number' } },
    required: ['units', 'name', 'check'],
  },
  steps: [reserve(branches), AFTER],
});

/** A death at every boundary is a run each, of all processes: who has no part in the case is left out. */
const given = (...branches: readonly Branch[]): Given => ({
  definitions: [reserving(branches)],
  participants: [...branches.map(holder), { name: 'checker', version: '1.0.0', actions: [check] }],
});
const when = (input: JsonObject) => ({
  workflow: 'reserving',
  input: { units: 3, name: 'anna', check: 1, ...input },
});

describe('a step of type transaction', () => {
  /** What stands of it in the three stores. */
  const standing = ({ resource }: Outcome) => [
    resource(stock, 'coat-left'),
    resource(stock, 'coat-middle'),
    resource(locker, 'l1'),
  ];
  const ALL = [6, 7, 'anna'];
  const NONE = [10, 10, ''];

  test('applies all of its branches, and completes with the outputs of all, wherever a process dies', async () => {
    await rehearse({
      given: given('left', 'middle', 'right'),
      when: when({}),
      then: (outcome) => {
        expect(outcome.saga).toMatchObject({ status: 'completed' });
        expect(outcome.output('reserve')).toEqual({
          left: { taken: 1 },
          middle: { taken: 1 },
          right: { taken: 1 },
        });
        expect(standing(outcome)).toEqual(ALL);
      },
    });
  }, 120_000);

  test('applies none where one branch refuses, and fails with its reason, wherever a process dies', async () => {
    await rehearse({
      given: given('left', 'middle'),
      when: when({ units: 11 }),
      then: (outcome) => {
        expect(outcome.saga).toMatchObject({ status: 'failed', error: { code: 'OUT_OF_STOCK' } });
        expect(outcome.saga.error?.message).toBe('branch middle: coat-middle has 10, not 11');
        expect(standing(outcome)).toEqual(NONE);
      },
    });
  }, 120_000);

  test('is undone branch by branch when its saga is given up behind it, wherever a process dies', async () => {
    await rehearse({
      given: given('left', 'right'),
      when: when({ check: 11 }),
      then: (outcome) => {
        expect(outcome.saga).toMatchObject({ status: 'compensated', failedStep: 'check' });
        expect(standing(outcome)).toEqual(NONE);
      },
    });
  }, 120_000);

  test('shows what it waits for, and what was decided, to whoever looks on', async () => {
    const { events } = await play(given('left', 'middle', 'right'), when({}));
    const types = events.map(({ type }) => type.replace('ai.aura.', ''));
    expect(types).toContain('transaction.committed.v1');
    const begun = events.find(({ type }) => type === 'ai.aura.step.begun.v1');
    expect(begun?.data).toMatchObject({
      type: 'transaction',
      waitingFor: 'the transaction of step reserve (left at left, middle at middle, right at right)',
    });
  });
});
