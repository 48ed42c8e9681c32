import { accountMovement, budgetCaptured, personId, reservationId } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { account } from '../account/account';
import { movementOf } from '../account/movement-of';
import { ownerOf } from '../account/owner-of';

/** Input of `capture-budget`. Without `userId`: the person of the saga. */
export const captureBudgetInput = z.object({
  userId: personId.optional(),
  reservation: reservationId,
});

/** Spends all that is held for a reservation. Refusals: NOTHING_HELD, NO_PERSON. It has no undo: spent money is paid back by paying it in. */
export const captureBudget = defineAction({
  name: 'capture-budget',
  description: "Spends what is held of a person's account for a reservation.",
  kind: 'stateful',
  resources: [account],
  input: captureBudgetInput,
  output: accountMovement,
  emits: budgetCaptured.type,
  claim: (input, context) => {
    const wish: HoldingsWish = { kind: 'spend', hold: input.reservation };
    return [{ type: account.name, id: ownerOf(input, context), amount: wish }];
  },
  outcome: ({ reservation }, applied) => ({ output: movementOf(reservation, applied) }),
});
