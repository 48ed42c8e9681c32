import { accountMovement, budgetReleased, personId, reservationId } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { account } from '../account/account';
import { movementOf } from '../account/movement-of';
import { ownerOf } from '../account/owner-of';

/** Input of `release-budget`. Without `userId`: the person of the saga. */
export const releaseBudgetInput = z.object({
  userId: personId.optional(),
  reservation: reservationId,
});

/** Makes free again what is held for a reservation; nothing, where nothing is. Never refused, and therefore without undo. */
export const releaseBudget = defineAction({
  name: 'release-budget',
  description: "Makes free again what is held of a person's account for a reservation.",
  kind: 'stateful',
  resources: [account],
  input: releaseBudgetInput,
  output: accountMovement,
  emits: budgetReleased.type,
  claim: (input, context) => {
    const wish: HoldingsWish = { kind: 'release', hold: input.reservation };
    return [{ type: account.name, id: ownerOf(input, context), amount: wish }];
  },
  outcome: ({ reservation }, applied) => ({ output: movementOf(reservation, applied) }),
});
