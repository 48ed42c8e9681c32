import { defineAction } from '@aura/workflow';
import type { ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';
import { simulate } from './simulate';

const COATS = 60;
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
const paper: ResourceType<number> = { ...stock, name: 'paper', initial: 12 };

const taking = z.object({ amount: z.number() });

const shop: ParticipantDefinition = {
  name: 'shop',
  version: '1.0.0',
  actions: [
    { name: 'take', resource: stock, id: 'coat', undo: 'put-back' },
    { name: 'gift-wrap', resource: paper, id: 'red', undo: 'unwrap' },
  ].map(({ name, resource, id, undo }) =>
    defineAction({
      name,
      kind: 'stateful',
      input: taking,
      output: taking,
      resources: [resource],
      claim: ({ amount }) => [{ type: resource.name, id, amount }],
      outcome: ({ amount }) => ({ output: { amount } }),
      undo: { name: undo },
    }),
  ),
};

const input = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] };
const amount = 'input.amount';
const common = { name: 'Sample', version: '1.0.0', timeout: '48h', input };
const fetch = { ...common, id: 'fetch', steps: [{ id: 'take', action: 'take', input: { amount } }] };

/** A saga that fetches by a sub-saga, and wraps as long as there is paper. */
function presents(id: string, saga: object = {}, more: object = {}): object {
  const nested = { workflow: 'fetch', input: { amount }, ...saga };
  return {
    ...common,
    id,
    steps: [
      { id: 'fetch', type: 'saga', saga: nested, ...more },
      { id: 'wrap', action: 'gift-wrap', dependencies: ['fetch'], input: { amount } },
    ],
  };
}

const never = { repeat: { until: 'output.take.amount > 100.0', max: 2 } };
const optional = { failure: { policy: 'continue', output: { take: { amount: 0 } } } };
const definitions = [
  fetch,
  presents('plain'),
  presents('vain', never),
  presents('optional', never, optional),
  presents('outer', { workflow: 'plain' }),
].map((definition) => JSON.parse(JSON.stringify(definition)) as never);

/** Coats that a completed saga has taken for good. */
const KEPT: Readonly<Record<string, number>> = { plain: 1, outer: 1, optional: 0 };

describe('sagas and their sub-sagas under faults', () => {
  it.each(['families', 'kin'])(
    'stand or fall together: what a saga that was given up had fetched is put back (%s)',
    async (seed) => {
      const { outcomes, struck } = await simulate({
        given: { definitions, participants: [shop] },
        when: ['plain', 'vain', 'optional', 'outer'].map((workflow) => ({ workflow, input: { amount: 1 } })),
        sagas: 24,
        seed,
        then: async (all) => {
          const kept = all.map(({ saga: { status, workflow } }) =>
            status === 'completed' ? (KEPT[workflow] ?? Number.NaN) : 0,
          );
          const left = COATS - kept.reduce((sum, one) => sum + one, 0);
          expect(all.map(({ resource }) => resource(stock, 'coat'))).toEqual(all.map(() => left));
          expect((await all[0]?.audit())?.discrepancies).toEqual([]);
        },
      });
      const ends = new Set(outcomes.map(({ saga }) => `${saga.workflow} ${saga.status}`));
      expect([...ends]).toEqual(expect.arrayContaining(['plain completed', 'vain compensated']));
      expect(outcomes.every(({ saga }) => saga.endedAt !== undefined)).toBe(true);
      expect(Object.keys(struck).length).toBeGreaterThan(5);
    },
    120_000,
  );
});
