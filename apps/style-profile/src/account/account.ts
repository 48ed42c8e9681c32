import { moneyText } from '@aura/contracts';
import { defineHoldings } from '@aura/workflow';
import type { HoldingsFigures } from '@aura/workflow';

/**
 * A person's account, in the smallest unit of one currency: what was paid in is free, held for a reservation, or spent.
 * Never below nothing. Stream `account/<userId>`.
 */
export const account = defineHoldings('account', {
  tooLittle: (figures, { amount, unit }) => ({
    code: 'BUDGET_TOO_SMALL',
    message: `${moneyText(amount, unit)} are wanted of ${balanceText(figures)}`,
    help: 'Choose something cheaper, give up a reservation (release_look), or pay in by the workflow fund_account.',
  }),
  otherUnit: ({ id, unit }, wanted) => ({
    code: 'CURRENCY_MISMATCH',
    message: `the account of ${id} is in ${unit}, not in ${wanted.unit}`,
    help: `Give amounts in ${unit}: Aura does not change money.`,
  }),
  heldAlready: ({ id }, { hold }) => ({
    code: 'ALREADY_HELD',
    message: `the account of ${id} holds money for the reservation ${hold} already`,
    help: 'Give the reservation another name, or release the one that is there.',
  }),
  nothingHeld: (figures, { hold }) => ({
    code: 'NOTHING_HELD',
    message: `nothing is held for the reservation ${hold} of ${balanceText(figures)}`,
    help: 'Hold the money first, or name the reservation that it is held for.',
  }),
});

function balanceText({ id, unit, available, held }: HoldingsFigures): string {
  if (unit === null) return `the account of ${id}, who has none`;
  return `the account of ${id}, which has ${moneyText(available, unit)} free and ${moneyText(held, unit)} held`;
}
