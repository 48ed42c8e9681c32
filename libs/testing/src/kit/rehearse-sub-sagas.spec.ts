import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';
import { rehearse } from './rehearse';

const nothing = z.object({});

const clerk: ParticipantDefinition = {
  name: 'clerk',
  version: '1.0.0',
  actions: [
    defineAction({
      name: 'count',
      kind: 'pure',
      emits: 'clerk.counted.v1',
      input: z.object({ by: z.string() }),
      output: z.object({ by: z.string() }),
      run: (input) => ({ output: input }),
    }),
    defineAction({
      name: 'refuse',
      kind: 'pure',
      emits: 'clerk.refused.v1',
      input: nothing,
      output: nothing,
      run: () => {
        throw new Error('never');
      },
    }),
  ],
};

const input = { properties: { by: { type: 'string' } }, required: ['by'] };
const example = { by: 'kim' };
const inner = {
  id: 'inner',
  name: 'Inner',
  version: '1.0.0',
  input,
  example,
  steps: [{ id: 'first', action: 'count', input: { by: 'input.by' } }],
};
const outer = {
  id: 'outer',
  name: 'Outer',
  version: '1.0.0',
  input,
  example,
  steps: [
    { id: 'nested', type: 'saga', saga: { workflow: 'inner', input: { by: 'input.by' } } },
    {
      id: 'last',
      action: 'count',
      dependencies: ['nested'],
      input: { by: 'steps.nested.output.first.by' },
    },
  ],
};
const broken = {
  ...outer,
  id: 'broken',
  steps: [
    ...outer.steps,
    { id: 'fails', action: 'refuse', dependencies: ['last'], retryPolicy: { maxAttempts: 1 } },
  ],
};

const given = { definitions: [inner, outer, broken], participants: [clerk] };

describe('a saga that runs another one', () => {
  it('ends alike plainly, with every message doubled, and with a death at every boundary', async () => {
    const { boundaries } = await rehearse({
      given,
      when: { workflow: 'outer', input: { by: 'ada' } },
      then: ({ saga, output }) => {
        expect(saga.status).toBe('completed');
        expect(output('last')).toEqual({ by: 'ada' });
        expect(saga.steps[0]?.subSagas).toHaveLength(1);
      },
    });
    expect(boundaries.length).toBeGreaterThan(30);
  }, 60_000);

  it('is given up alike as well', async () => {
    await rehearse({
      given,
      when: { workflow: 'broken', input: { by: 'ada' } },
      then: ({ saga }) => {
        expect(saga).toMatchObject({ status: 'failed', failedStep: 'fails' });
      },
    });
  }, 60_000);
});
