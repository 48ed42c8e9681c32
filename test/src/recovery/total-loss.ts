import type { JsonValue, SagaDetail } from '@aura/contracts';
import type { AuraRuntime } from '@aura/nest';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { labAction, labParticipant, refuse, stock, takeAction } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { Lab } from '../lab/lab';
import { definition } from '../lab/road-world';

const actor = { subject: 'kim', roles: ['operator'] } as const;
const patient = { maxAttempts: 2, initialDelay: '10ms', maxDelay: '10ms', maxEpochs: 10 };

/** While it is shut, actions behind it do not end. */
let isShut = true;
/** Foreign charges that stand, by operation. */
const charges = new Set<string>();

async function behindGate(signal: AbortSignal): Promise<void> {
  while (isShut) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const participants = [
  labParticipant('shop', [
    takeAction(),
    labAction('say', ({ word }) => word ?? 'nothing'),
    labAction('wait-for-it', async (_input, { signal }) => {
      await behindGate(signal);
      return 'at last';
    }),
    labAction('refuse', () => refuse('NO_WAY')),
    defineAction({
      name: 'charge',
      kind: 'stateful',
      input: z.object({}),
      output: z.object({}),
      emits: 'lab.charged.v1',
      run: (_input, { operation }) => {
        charges.add(operation);
        return { output: {} };
      },
      undo: {
        name: 'refund',
        run: async (_call, { operation, signal }) => {
          await behindGate(signal);
          charges.delete(operation);
        },
      },
    }),
  ]),
];

const held = { timeout: '5s', retryPolicy: patient };
const definitions: readonly JsonValue[] = [
  definition('at_its_first_step', [{ id: 'first', action: 'wait-for-it', input: {}, ...held }]),
  definition('between_effects', [
    { id: 'first', action: 'take', input: { item: 'input.item' } },
    { id: 'word', action: 'wait-for-it', dependencies: ['first'], input: {}, ...held },
    { id: 'last', action: 'take', dependencies: ['word'], input: { item: 'input.item' } },
  ]),
  definition('at_its_join', [
    { id: 'left', action: 'say', input: { word: 'input.item' } },
    { id: 'right', action: 'wait-for-it', input: {}, ...held },
    {
      id: 'both',
      action: 'say',
      dependencies: ['left', 'right'],
      input: { word: 'steps.left.output.value' },
    },
  ]),
  definition('being_undone', [
    { id: 'pay', action: 'charge', input: {}, undo: { timeout: '5s', retryPolicy: patient } },
    { id: 'bad', action: 'refuse', dependencies: ['pay'], input: {} },
  ]),
  definition('for_a_person', [
    { id: 'look', action: 'refuse', input: {}, failure: { policy: 'suspend' } },
    { id: 'behind', action: 'say', dependencies: ['look'], input: { word: 'steps.look.output.value' } },
  ]),
];

/** Somewhere that an Aura runs on, and whose broker, fast stores and views can be lost while it is stopped. */
export interface Losable {
  open(): Promise<AuraRuntime>;
  /** Queues, bindings and what is in them; join sets and inboxes; every view. */
  loseAll(): Promise<void>;
}

/** How sagas came out that were in flight when everything but the journals was lost. */
export interface Survived {
  /** How each saga ended, by its definition; with the reason where it failed. */
  readonly ends: Readonly<Record<string, string>>;
  /** What is left of the stock. */
  readonly left: number;
  readonly charges: number;
}

/** Stops an Aura with sagas in flight in every phase, loses all but the journals, starts it again, and waits for their ends. */
export async function surviveTotalLoss(ground: Losable): Promise<Survived> {
  isShut = true;
  charges.clear();
  const before = await ground.open();
  const lab = await Lab.open({ runtime: before, participants, definitions });
  const sagas = Object.fromEntries(
    await Promise.all(
      definitions.map(async (one) => {
        const { id } = one as { readonly id: string };
        return [id, await lab.start(id, { item: 'coat' })] as const;
      }),
    ),
  );
  const of = (id: string): string => sagas[id] ?? '';
  await lab.until(of('between_effects'), ({ steps }) => steps[0]?.status === 'completed');
  await lab.until(of('at_its_join'), ({ steps }) => steps[0]?.status === 'completed');
  await lab.until(of('being_undone'), ({ status }) => status === 'compensating');
  await lab.until(of('for_a_person'), ({ status }) => status === 'suspended');
  await lab.close();
  await before.close();
  await ground.loseAll();
  isShut = false;
  const after = await ground.open();
  const again = await Lab.open({ runtime: after, participants, definitions });
  try {
    await again.coordinator.rebuild(false);
    await again.coordinator.mend({
      sagaId: of('for_a_person'),
      command: 'resume',
      actor,
      output: { value: 'ok' },
    });
    const ends: Record<string, string> = {};
    for (const [id, saga] of Object.entries(sagas)) ends[id] = endOf(await again.until(saga));
    const { journal } = await after.stores('shop');
    const left = await eventually('the stock can be read', async () => {
      const rows = await journal.read('stock/coat');
      const changes = rows.flatMap(({ body }) =>
        Object.values((JSON.parse(body) as { readonly changes: Record<string, number> }).changes),
      );
      return changes.reduce((count, change) => count + change, stock.initial);
    });
    return { ends, left, charges: charges.size };
  } finally {
    await again.close();
    await after.close();
  }
}

function endOf({ status, error }: SagaDetail): string {
  return status === 'failed' ? `failed: ${error?.message ?? 'nobody knows why'}` : status;
}
