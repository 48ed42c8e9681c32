import type { SagaDetail, TransactionSummary } from '@aura/contracts';
import { lackingLiveness } from './lacking-liveness';

type Asked = Parameters<typeof lackingLiveness>[0];

const saga: SagaDetail = {
  sagaId: 's1',
  workflow: 'w',
  version: '1.0.0',
  status: 'running',
  run: 1,
  input: {},
  startedAt: '2026-01-05T08:00:00.000Z',
  durationMs: 1,
  steps: [],
  sequence: 1,
  waitingFor: 'step a',
  until: '2026-01-05T08:00:30.000Z',
  owner: 'coordinator',
};

const event = {
  type: 't',
  source: '/shop',
  id: 'e1',
  correlation: 's9',
  since: '2026-01-05T08:00:00.000Z',
  until: '2026-01-05T08:05:00.000Z',
  why: 'It waits.',
};

const transaction: TransactionSummary = {
  transaction: 's1/1/reserve/1',
  sagaId: 's1',
  step: 'reserve',
  definition: 'w',
  status: 'preparing',
  startedAt: '2026-01-05T08:00:00.000Z',
  ageMs: 1,
  waitsFor: ['stock at shop'],
};

function asked(found: SagaDetail, ofEvent: Partial<typeof event> & { readonly waitingFor?: string }): Asked {
  const { sagaId, workflow, version, status, startedAt } = saga;
  return {
    list: async () => ({ sagas: [{ sagaId, workflow, version, status, startedAt }] }),
    find: async () => found,
    unclaimed: async () => [event],
    transactions: { list: async () => [transaction] },
    standing: async (id) => ({
      kind: id === transaction.transaction ? 'transaction' : 'event',
      id,
      waitingFor: 'saga s9',
      owner: 'coordinator',
      until: event.until,
      why: event.why,
      ...ofEvent,
    }),
  };
}

describe('the liveness of what has not ended', () => {
  it('lacks nothing where each says what it waits for, until when and who acts', async () => {
    expect(await lackingLiveness(asked(saga, {}))).toEqual([]);
    const over = { ...saga, status: 'completed', endedAt: saga.startedAt } as const;
    delete (over as { waitingFor?: string }).waitingFor;
    expect(await lackingLiveness(asked(over, {}))).toEqual([]);
  });

  it('is told where one of the three is missing', async () => {
    const mute = { ...saga, owner: '', until: 'soon' };
    expect(await lackingLiveness(asked(mute, { waitingFor: '' }))).toEqual([
      'saga s1, running, does not say until when, who acts then',
      'transaction s1/1/reserve/1, preparing, does not say what it waits for',
      'event /shop e1 does not say what it waits for',
    ]);
  });
});
