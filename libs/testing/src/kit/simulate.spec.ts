import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';
import { simulate, SimulationError } from './simulate';
import type { Simulation } from './simulate';

const COATS = 40;
const stock: ResourceType<number> = {
  name: 'stock',
  initial: COATS,
  evolve: (count, change) => count + Number(change),
  decide: (count, amount) =>
    count >= Number(amount)
      ? { change: -Number(amount) }
      : { refused: { code: 'OUT_OF_STOCK', message: `only ${count} are there`, help: 'Want less.' } },
  reverse: (change) => -Number(change),
};

const taking = z.object({ amount: z.number() });
const shop: ParticipantDefinition = {
  name: 'shop',
  version: '1.0.0',
  actions: [
    defineAction({
      name: 'take',
      kind: 'stateful',
      input: taking,
      output: taking,
      resources: [stock],
      claim: ({ amount }) => [{ type: 'stock', id: 'coat', amount }],
      outcome: ({ amount }) => ({ output: { amount } }),
      undo: { name: 'put-back' },
    }),
    defineAction({
      name: 'gift-wrap',
      kind: 'stateful',
      input: taking,
      output: taking,
      resources: [{ ...stock, name: 'paper', initial: COATS / 2 }],
      claim: ({ amount }) => [{ type: 'paper', id: 'red', amount }],
      outcome: ({ amount }) => ({ output: { amount } }),
      undo: { name: 'unwrap' },
    }),
  ],
};

const present = {
  id: 'present',
  name: 'Present',
  version: '1.0.0',
  timeout: '48h',
  input: { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] },
  steps: [
    { id: 'take', action: 'take', input: { amount: 'input.amount' } },
    { id: 'wrap', action: 'gift-wrap', dependencies: ['take'], input: { amount: 'input.amount' } },
  ],
};

const simulation: Simulation = {
  given: { definitions: [present], participants: [shop] },
  when: [
    { workflow: 'present', input: { amount: 1 } },
    { workflow: 'present', input: { amount: 2 } },
  ],
  sagas: 20,
  seed: 'presents',
  then: (outcomes) => {
    const given = outcomes.filter(({ saga }) => saga.status === 'completed');
    const amounts = given.map(({ saga }) => (saga.input as { readonly amount: number }).amount);
    const left = COATS - amounts.reduce((sum, amount) => sum + amount, 0);
    expect(outcomes.map(({ resource }) => resource(stock, 'coat'))).toEqual(outcomes.map(() => left));
  },
};

describe('a simulation of sagas of one’s own', () => {
  it('holds while everything goes wrong: what is not wrapped is put back', async () => {
    const { outcomes, struck } = await simulate(simulation);
    expect(outcomes).toHaveLength(20);
    const statuses = new Set(outcomes.map(({ saga }) => saga.status));
    expect([...statuses].sort()).toEqual(['compensated', 'completed']);
    expect(Object.keys(struck).length).toBeGreaterThan(5);
  });

  it('is the same with the same seed, and strikes nobody where no faults are wanted', async () => {
    const again = await Promise.all(
      [1, 2].map(() => simulate({ ...simulation, sagas: 5, faults: ['crash', 'late'] })),
    );
    const told = again.map(({ outcomes, struck }) => [struck, outcomes.map(({ saga }) => saga)]);
    expect(told[0]).toEqual(told[1]);
    expect((await simulate({ ...simulation, sagas: 3, faults: [] })).struck).toEqual({});
  });

  it('tells the seed and the trace when something does not hold', async () => {
    const failing = simulate({
      ...simulation,
      sagas: 2,
      then: () => {
        throw new Error('there are no coats');
      },
    });
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SimulationError);
    expect((error as SimulationError).message).toBe('with seed "presents": there are no coats');
    expect(String((error as SimulationError).details['trace'])).toContain('step/');
  });

  it('tells which saga neither ends nor waits', async () => {
    const sleeper: ParticipantDefinition = {
      name: 'sleeper',
      version: '1.0.0',
      actions: [
        defineAction({
          name: 'sleep',
          kind: 'pure',
          input: z.object({}),
          output: z.object({}),
          run: () => new Promise<{ output: Record<string, never> }>(() => undefined),
        }),
      ],
    };
    const steps = [{ id: 'sleep', action: 'sleep', input: {}, timeout: '24h' }];
    const night = { id: 'night', name: 'Night', version: '1.0.0', timeout: '720h', steps };
    const failing = simulate({
      given: { definitions: [night], participants: [sleeper], instances: 1, coordinators: 1 },
      when: [{ workflow: 'night' }],
      sagas: 1,
      seed: 'night',
      faults: [],
      patienceMs: 30_000,
      then: () => undefined,
    });
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('did not end') as string,
    });
  });
});
