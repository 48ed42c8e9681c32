import { accountMovement, budgetHeld, cents, currencyCode, personId, reservationId } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { account } from '../account/account';
import { ownerOf } from '../account/owner-of';

/** Input of `hold-budget`. Without `userId`: the person of the saga; without `reservation`: the saga's id. */
export const holdBudgetInput = z.object({
  userId: personId.optional(),
  reservation: reservationId.optional(),
  amountCents: cents.min(1),
  currency: currencyCode,
});

/** Sets money aside for a reservation. Refusals: BUDGET_TOO_SMALL, CURRENCY_MISMATCH, ALREADY_HELD, NO_PERSON. */
export const holdBudget = defineAction({
  name: 'hold-budget',
  description: "Sets money of a person's account aside for a reservation.",
  kind: 'stateful',
  resources: [account],
  input: holdBudgetInput,
  output: accountMovement,
  emits: budgetHeld.type,
  claim: (input, context) => {
    const hold = input.reservation ?? context.saga;
    const wish: HoldingsWish = { kind: 'hold', hold, amount: input.amountCents, unit: input.currency };
    return [{ type: account.name, id: ownerOf(input, context), amount: wish }];
  },
  outcome: ({ amountCents, currency, ...input }, _applied, context) => ({
    output: {
      userId: ownerOf(input, context),
      reservation: input.reservation ?? context.saga,
      amountCents,
      currency,
    },
  }),
  undo: { name: 'release-budget' },
});
