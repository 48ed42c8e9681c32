import type { JsonValue } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { Action, ParticipantDefinition } from '@aura/workflow';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { account } from '../barrier/account';
import { labAction, labParticipant, refuse, takeAction } from '../lab/actions';

/** The account into which everybody pays. */
export const SHOP = 'shop';

const anything = z.record(z.string(), z.json());

/** Takes as long as `input.delayMs` says, so that many sagas are in the middle of something at any moment. */
async function slowly(input: Readonly<Record<string, JsonValue>>, signal: AbortSignal): Promise<void> {
  await delay(Number(input['delayMs'] ?? 0), undefined, { signal });
}

/** Moves `input.amount` from the account `input.customer` to that of the shop: two resources, and their sum stays. */
const hold: Action = defineAction({
  name: 'till-hold',
  kind: 'stateful',
  input: anything,
  output: anything,
  emits: 'faults.till.held.v1',
  resources: [account],
  claim: async (input, { signal }) => {
    await slowly(input, signal);
    const amount = Number(input['amount']);
    return [
      { type: account.name, id: String(input['customer']), amount },
      { type: account.name, id: SHOP, amount: -amount },
    ];
  },
  outcome: (_input, applied) => ({ output: { value: applied.length } }),
  undo: { name: 'undo-till-hold' },
});

/** The last step of an order: refuses it when `input.fails`, so that all before it is undone. */
const settle = labAction('gate-settle', async (input, { signal }) => {
  await slowly(input, signal);
  return input['fails'] === true ? refuse('NOT_SETTLED') : 'settled';
});

/** Who takes part in the orders of a fault run beside the five services: who keeps money and stock, and who has the last word. */
export const LOAD_PARTICIPANTS: readonly ParticipantDefinition[] = [
  labParticipant('faults-till', [hold, takeAction('till-take')]),
  labParticipant('faults-gate', [settle]),
];

/** The participant of a name. Errors: one that names those there are. */
export function loadParticipantOf(name: string | undefined): ParticipantDefinition {
  const found = LOAD_PARTICIPANTS.find((participant) => participant.name === name);
  if (found !== undefined) return found;
  const names = LOAD_PARTICIPANTS.map((known) => known.name).join(', ');
  throw new Error(`there is no participant ${name ?? '(none was named)'} of fault runs; there are ${names}`);
}
