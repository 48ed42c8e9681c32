import type { JsonValue, SagaDetail } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import { defineAction } from '@aura/workflow';
import type { Action } from '@aura/workflow';
import { z } from 'zod';
import { labAction, labParticipant, refuse, stock, takeAction } from './actions';
import { eventually } from './eventually';
import type { Lab } from './lab';
import { labAround } from './lab-around';
import type { OpenRuntime } from './lab-around';
import { definition } from './road-world';
import { stockLeft } from './stock-left';

const actor = { subject: 'kim', roles: ['operator'] } as const;
const retryPolicy = { maxAttempts: 2, initialDelay: '10ms', maxDelay: '10ms' };

/** What a slow action waits for, by saga and action. */
const gates = new Map<string, () => void>();
/** Foreign charges that stand, by operation. */
const charges = new Set<string>();
let isBankOpen = true;

function slow(action: Action): Action {
  if (!('claim' in action)) throw new Error('only actions on resources can be slow');
  return {
    ...action,
    claim: async (input, context) => {
      await new Promise<void>((resolve) => gates.set(`${context.saga}/${action.name}`, resolve));
      return action.claim(input, context);
    },
  };
}

const charge = defineAction({
  name: 'charge',
  kind: 'stateful',
  input: z.object({}),
  output: z.object({ receipt: z.string() }),
  emits: 'lab.charged.v1',
  run: (_input, { operation }) => {
    charges.add(operation);
    return { output: { receipt: operation } };
  },
  undo: {
    name: 'refund',
    run: ({ output }, { operation }) => {
      if (!isBankOpen) throw new BusinessError('the bank is closed', { code: 'CLOSED', help: 'Wait.' });
      if (output !== undefined && output.receipt !== operation) throw new Error('not this receipt');
      charges.delete(operation);
    },
  },
});

const ship = defineAction({
  name: 'ship',
  kind: 'stateful',
  input: z.object({}),
  output: z.object({}),
  emits: 'lab.shipped.v1',
  resources: [stock],
  claim: () => [{ type: 'stock', id: 'parcels', amount: 1 }],
  outcome: () => ({ output: {} }),
});

const steps: Readonly<Record<string, readonly JsonValue[]>> = {
  in_a_row: [
    { id: 'first', action: 'take', input: { item: 'input.item' } },
    { id: 'second', action: 'take-slowly', dependencies: ['first'], input: { item: 'input.item' } },
    { id: 'third', action: 'take', dependencies: ['second'], input: { item: 'input.item' } },
    { id: 'fourth', action: 'take', dependencies: ['third'], input: { item: 'input.item' } },
  ],
  charged: [
    { id: 'pay', action: 'charge', undo: { timeout: '1s', retryPolicy } },
    { id: 'bad', action: 'refuse', dependencies: ['pay'], input: {} },
  ],
  optional: [
    {
      id: 'maybe',
      action: 'take-slowly',
      input: { item: 'input.item' },
      timeout: '100ms',
      retryPolicy: { maxAttempts: 1, maxEpochs: 1 },
      failure: { policy: 'continue', output: { taken: 0 } },
    },
    { id: 'behind', action: 'say', dependencies: ['maybe'], input: { word: 'steps.maybe.output.taken' } },
  ],
  careful: [
    { id: 'look', action: 'say', input: { word: 'input.word' }, failure: { policy: 'suspend' } },
    { id: 'behind', action: 'say', dependencies: ['look'], input: { word: 'steps.look.output.value' } },
  ],
};

/** Sagas that are given up, on a runtime; absent: an embedded one. */
export function compensation(open: OpenRuntime): void {
  let lab: Lab;
  labAround(
    open,
    {
      participants: [
        labParticipant('shop', [
          takeAction(),
          slow(takeAction('take-slowly')),
          charge,
          ship,
          labAction('say', ({ word }) => (word === 'stop' ? refuse('STOPPED') : (word ?? 'nothing'))),
          labAction('refuse', () => refuse('NO_WAY')),
        ]),
      ],
      definitions: [
        ...Object.entries(steps).map(([id, own]) => definition(id, own)),
        definition('shipping', [{ id: 'send', action: 'ship', input: {} }]),
      ],
    },
    (opened) => {
      lab = opened;
    },
  );
  afterEach(() => {
    isBankOpen = true;
    gates.forEach((open) => open());
  });

  const left = (item: string): Promise<number> => stockLeft(lab.runtime, item);

  const gate = (saga: string, action = 'take-slowly') =>
    eventually(`${action} of ${saga} waits`, () => gates.get(`${saga}/${action}`));
  const cancel = (sagaId: string) => lab.coordinator.cancel({ sagaId, actor, reason: 'changed my mind' });
  const answers = async (sagaId: string) =>
    (await lab.coordinator.compensation(sagaId))?.steps.map(({ step, status }) => `${step} ${status}`);
  const isStuck = ({ status }: SagaDetail) => status === 'compensation_failed';

  test('refuses the slow action that lands afterwards, with two stateful steps behind it', async () => {
    const saga = await lab.start('in_a_row', { item: 'late' });
    const open = await gate(saga);
    expect(await answers(saga)).toEqual([
      'fourth planned',
      'third planned',
      'second planned',
      'first planned',
    ]);
    await cancel(saga);
    await lab.until(saga);
    open();
    expect(await answers(saga)).toEqual([
      'fourth nothing',
      'third nothing',
      'second nothing',
      'first undone',
    ]);
    const after = await lab.start('in_a_row', { item: 'other' });
    (await gate(after))();
    expect((await lab.until(after)).status).toBe('completed');
    expect(await left('late')).toBe(10);
    expect(await left('other')).toBe(6);
    expect((await lab.coordinator.find(saga))?.status).toBe('cancelled');
  });

  test('undoes an action that lands while the steps behind it are being fenced', async () => {
    const saga = await lab.start('in_a_row', { item: 'meanwhile' });
    const open = await gate(saga);
    const cancelled = cancel(saga);
    open();
    await cancelled;
    const over = await lab.until(saga);
    expect(['cancelled', 'completed']).toContain(over.status);
    expect(await left('meanwhile')).toBe(over.status === 'cancelled' ? 10 : 6);
  });

  test('undoes a foreign effect, with its receipt, and ends as compensated with its event', async () => {
    const seen = await lab.tap('ai.aura.saga.#');
    const saga = await lab.run('charged');
    expect(saga).toMatchObject({ status: 'compensated', failedStep: 'bad' });
    expect(saga.steps.find(({ id }) => id === 'pay')).toMatchObject({ status: 'completed' });
    expect([...charges].filter((operation) => operation.includes(saga.sagaId))).toEqual([]);
    await eventually('the end is told', () =>
      seen.find(({ type, correlationid }) => correlationid === saga.sagaId && type.includes('compensated')),
    );
  });

  test('waits visibly where an undo fails, and is mended by a person', async () => {
    isBankOpen = false;
    const saga = await lab.until(await lab.start('charged'), isStuck);
    expect(saga).toMatchObject({
      applied: ['pay'],
      waitingFor: 'a person',
      owner: 'operators',
      error: { code: 'CLOSED' },
    });
    expect(await lab.coordinator.why(saga.sagaId)).toContain('the bank is closed');
    isBankOpen = true;
    const mended = await lab.coordinator.mend({
      sagaId: saga.sagaId,
      command: 'retry',
      actor,
      reason: 'it is open again',
    });
    expect(mended).toMatchObject({ ok: true });
    expect((await lab.until(saga.sagaId)).status).toBe('compensated');
    expect([...charges].filter((operation) => operation.includes(saga.sagaId))).toEqual([]);
  });

  test('is resolved by hand, with a note in the journal', async () => {
    isBankOpen = false;
    const { sagaId } = await lab.until(await lab.start('charged'), isStuck);
    const reason = 'paid back in cash';
    await lab.coordinator.mend({ sagaId, command: 'resolve', actor, reason, step: 'pay' });
    expect((await lab.until(sagaId)).status).toBe('compensated');
    expect(await lab.coordinator.compensation(sagaId)).toMatchObject({
      steps: [{ status: 'resolved', note: reason }],
    });
    const { journal } = await lab.runtime.stores('coordinator');
    const rows = await journal.read(`saga/${sagaId}`);
    expect(rows.some(({ body }) => body.includes(reason) && body.includes('"subject":"kim"'))).toBe(true);
  });

  test('goes on without an optional step that is refused from then on', async () => {
    const saga = await lab.start('optional', { item: 'optional' });
    const over = await lab.until(saga);
    expect(over).toMatchObject({ status: 'completed' });
    expect(over.steps.find(({ id }) => id === 'maybe')).toMatchObject({ status: 'continued' });
    (await gate(saga))();
    const again = await lab.run('shipping');
    expect(again.status).toBe('completed');
    expect(await left('optional')).toBe(10);
  });

  test('suspended by a step goes on with an output that a person gives', async () => {
    const { sagaId } = await lab.until(
      await lab.start('careful', { word: 'stop' }),
      ({ status }) => status === 'suspended',
    );
    expect(await lab.coordinator.mend({ sagaId, command: 'retry', actor })).toMatchObject({
      ok: false,
      error: { code: 'CANNOT_MEND', message: expect.stringContaining('STOPPED') as string },
    });
    await lab.coordinator.mend({ sagaId, command: 'resume', actor, output: { value: 'by hand' } });
    const over = await lab.until(sagaId);
    expect(over).toMatchObject({ status: 'completed', output: { behind: { value: 'by hand' } } });
  });

  test('has nothing to undo once it has completed', async () => {
    const { sagaId } = await lab.run('shipping');
    expect(await lab.coordinator.compensation(sagaId)).toMatchObject({ begun: false, steps: [] });
    expect(await lab.coordinator.compensation('nobody')).toBeUndefined();
  });
}
