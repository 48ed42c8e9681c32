import { BusinessError } from '@aura/kernel';
import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';
import { play, rehearse, RehearsalError } from './rehearse';
import type { Given, When } from './scenario';

const stock: ResourceType<number> = {
  name: 'stock',
  initial: 10,
  evolve: (count, change) => count + Number(change),
  decide: (count, amount) =>
    count >= Number(amount)
      ? { change: -Number(amount) }
      : { refused: { code: 'OUT_OF_STOCK', message: `only ${count} are there`, help: 'Want less.' } },
  reverse: (change) => -Number(change),
};

let looks = 0;

const shop: ParticipantDefinition = {
  name: 'shop',
  version: '1.0.0',
  actions: [
    defineAction({
      name: 'price',
      kind: 'pure',
      emits: 'shop.priced.v1',
      input: z.object({ item: z.string(), amount: z.number() }),
      output: z.object({ cents: z.number() }),
      run: ({ item, amount }) => {
        if (item === 'nothing')
          throw new BusinessError('there is no such thing', { code: 'UNKNOWN', help: 'Look.' });
        return { output: { cents: amount * 100 } };
      },
    }),
    defineAction({
      name: 'look',
      kind: 'reading',
      emits: 'shop.looked.v1',
      input: z.object({}),
      output: z.object({ look: z.number() }),
      run: () => ({ output: { look: (looks += 1) } }),
    }),
    defineAction({
      name: 'take',
      kind: 'stateful',
      emits: 'shop.taken.v1',
      input: z.object({ item: z.string(), amount: z.number(), cents: z.number(), look: z.number() }),
      output: z.object({ taken: z.number(), look: z.number() }),
      resources: [stock],
      claim: ({ item, amount }) => [{ type: 'stock', id: item, amount }],
      outcome: ({ amount, look }) => ({ output: { taken: amount, look } }),
      undo: { name: 'put-back' },
    }),
  ],
};

const order = {
  id: 'order',
  name: 'Order',
  version: '1.0.0',
  input: {
    type: 'object',
    properties: { item: { type: 'string' }, amount: { type: 'number' } },
    required: ['item', 'amount'],
  },
  steps: [
    { id: 'price', action: 'price', input: { item: 'input.item', amount: 'input.amount' } },
    { id: 'look', action: 'look', input: {} },
    {
      id: 'take',
      action: 'take',
      dependencies: ['price', 'look'],
      input: {
        item: 'input.item',
        amount: 'input.amount',
        cents: 'steps.price.output.cents',
        look: 'steps.look.output.look',
      },
    },
  ],
};

const given: Given = { definitions: [order], participants: [shop] };
const when: When = { workflow: 'order', input: { item: 'coat', amount: 2 } };

describe('a rehearsal', () => {
  it('plays a saga plainly', async () => {
    const outcome = await play(given, when);
    expect(outcome.saga).toMatchObject({ status: 'completed', output: { take: { taken: 2 } } });
    expect(outcome.output('price')).toEqual({ cents: 200 });
    expect(outcome.resource(stock, 'coat')).toBe(8);
    expect(outcome.events.map(({ type }) => type)).toContain('shop.taken.v1');
  });

  it('holds whatever is delivered twice and wherever a process dies', async () => {
    const { runs, boundaries } = await rehearse({
      given,
      when,
      then: (outcome) => {
        expect(outcome.saga.status).toBe('completed');
        expect(outcome.resource(stock, 'coat')).toBe(8);
        // What was read is read once: the step behind it sees what the event says.
        expect(outcome.output('take')).toEqual({ taken: 2, ...(outcome.output('look') as object) });
      },
    });
    expect(boundaries.length).toBeGreaterThan(20);
    expect(runs).toBe(boundaries.length + 2);
  });

  it('tells in which run something did not hold, with the trace', async () => {
    const failing = rehearse({
      given: { ...given, sagas: [when] },
      when,
      modes: ['plain'],
      then: (outcome) => expect(outcome.resource(stock, 'coat')).toBe(0),
    });
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RehearsalError);
    expect((error as RehearsalError).message).toContain('plainly');
    expect(String((error as RehearsalError).details['trace'])).toContain('step/');
  });

  it('shows a refusal as the end of the saga', async () => {
    const outcome = await play(given, { workflow: 'order', input: { item: 'nothing', amount: 1 } });
    expect(outcome.saga).toMatchObject({ status: 'failed', error: { code: 'UNKNOWN' } });
  });

  it.each([
    ['a definition that names an action nobody offers', { ...given, participants: [] }, 'NOT_ACTIVE'],
    ['a definition that is none', { ...given, definitions: [{ id: 'x' }] }, 'DEFINITION_REFUSED'],
  ])('refuses %s', async (_what, odd, code) => {
    await expect(play(odd, when)).rejects.toMatchObject({ code });
  });

  it('refuses a start that the definition refuses', async () => {
    await expect(play(given, { workflow: 'order', input: {} })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(play(given, { workflow: 'none' })).rejects.toMatchObject({ code: 'UNKNOWN_WORKFLOW' });
  });
});
