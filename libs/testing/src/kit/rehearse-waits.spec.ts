import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';
import { rehearse } from './rehearse';

const clerk: ParticipantDefinition = {
  name: 'clerk',
  version: '1.0.0',
  actions: [
    defineAction({
      name: 'note',
      kind: 'pure',
      emits: 'clerk.noted.v1',
      input: z.object({ since: z.string().optional() }),
      output: z.object({ since: z.string().optional() }),
      run: (input) => ({ output: input }),
    }),
  ],
};

const patient = {
  id: 'patient',
  name: 'Patient',
  version: '1.0.0',
  steps: [
    { id: 'first', action: 'note' },
    { id: 'pause', type: 'wait', wait: { for: '10s' }, dependencies: ['first'] },
    {
      id: 'idle',
      type: 'wait',
      wait: { for: '20s' },
      dependencies: ['first'],
      when: 'false || has(input.gone)',
    },
    {
      id: 'last',
      action: 'note',
      dependencies: ['pause', 'idle'],
      join: 'any',
      input: { since: 'steps.pause.output.until' },
    },
  ],
};

describe('a saga that waits', () => {
  it('ends alike plainly, with every message doubled, and with a death at every boundary', async () => {
    const { runs, boundaries } = await rehearse({
      given: { definitions: [patient], participants: [clerk] },
      when: { workflow: 'patient', input: {} },
      then: ({ saga, output }) => {
        expect(saga.status).toBe('completed');
        expect(saga.durationMs).toBeGreaterThanOrEqual(10_000);
        expect(output('last')).toEqual({ since: expect.stringMatching(/Z$/) as string });
      },
    });
    expect(runs).toBe(boundaries.length + 2);
    expect(boundaries.length).toBeGreaterThan(20);
  });
});
