import { actionDescription } from '@aura/contracts';
import { z } from 'zod';
import { defineAction } from './action';
import { describeActions } from './describe-actions';

const pure = defineAction({
  name: 'paint',
  kind: 'pure',
  description: 'Paints.',
  input: z.object({ hue: z.number().default(0) }),
  output: z.object({ hex: z.string().default('#000000') }),
  emits: 'lab.painted.v1',
  publishes: ['lab.noticed.v1'],
  run: () => ({ output: {} }),
});

const stateful = (undo: boolean) =>
  defineAction({
    name: 'pay',
    kind: 'stateful',
    input: z.object({}),
    output: z.object({}),
    emits: 'lab.paid.v1',
    resources: [],
    claim: () => [],
    outcome: () => ({ output: {} }),
    ...(undo ? { undo: { name: 'pay-back' } } : {}),
  });

describe('what a participant says of its actions', () => {
  test('is name, kind, schemas as they come in and go out, and events', () => {
    expect(describeActions([pure])).toMatchObject([
      {
        name: 'paint',
        kind: 'pure',
        description: 'Paints.',
        input: { type: 'object', properties: { hue: { type: 'number', default: 0 } } },
        output: { type: 'object', required: ['hex'] },
        emits: 'lab.painted.v1',
        publishes: ['lab.noticed.v1'],
      },
    ]);
    expect(describeActions([pure])[0]?.input).not.toHaveProperty('required');
  });

  test('names an undo where there is one', () => {
    const [withUndo, pivot] = describeActions([stateful(true), stateful(false)]);
    expect(withUndo?.undo).toMatchObject({
      name: 'pay-back',
      input: { properties: { input: { type: 'object' }, output: { type: 'object' } }, required: ['input'] },
    });
    expect(pivot).not.toHaveProperty('undo');
    expect(pivot).toMatchObject({ description: '', publishes: [] });
  });

  test('keeps the contract of the announcement', () => {
    for (const description of describeActions([pure, stateful(true)]))
      expect(actionDescription.parse(description)).toEqual(description);
  });
});
