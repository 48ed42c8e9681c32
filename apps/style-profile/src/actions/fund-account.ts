import { accountFunded, accountMovement, cents, currencyCode, personId } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { HoldingsWish } from '@aura/workflow';
import { z } from 'zod';
import { account } from '../account/account';
import { ownerOf } from '../account/owner-of';

/** Input of `fund-account`. Without `userId`: the person of the saga. */
export const fundAccountInput = z.object({
  userId: personId.optional(),
  amountCents: cents.min(1).max(1_000_000_000_000),
  currency: currencyCode,
});

/**
 * Pays money in; the first payment opens the account and settles its currency. It has no undo: the money may be held in
 * the next moment.
 */
export const fundAccount = defineAction({
  name: 'fund-account',
  description: "Pays money into a person's account, and opens it if there is none.",
  kind: 'stateful',
  resources: [account],
  input: fundAccountInput,
  output: accountMovement,
  emits: accountFunded.type,
  claim: (input, context) => {
    const wish: HoldingsWish = { kind: 'receive', amount: input.amountCents, unit: input.currency };
    return [{ type: account.name, id: ownerOf(input, context), amount: wish }];
  },
  outcome: ({ amountCents, currency, ...input }, _applied, context) => ({
    output: { userId: ownerOf(input, context), amountCents, currency },
  }),
});
