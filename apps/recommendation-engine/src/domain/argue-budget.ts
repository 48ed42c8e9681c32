import { moneyText } from '@aura/contracts';
import type { QueryUnderstanding } from '@aura/contracts';
import type { Price } from './price';
import type { Argument } from './request';

/** How much it counts that money is left. */
const WEIGHT = 0.1;

/** An outfit that spends the whole budget scores this; one for nothing scores 1. */
const FULLY_SPENT = 0.4;

/**
 * What a query wants to spend, in the currency of the price: undefined when it names no budget, `other` when its
 * currency differs. A budget without a currency is read in that of the price.
 */
function budgetFor({ currency }: Price, query: QueryUnderstanding | undefined): number | 'other' | undefined {
  if (query?.budgetCents === undefined) return undefined;
  return (query.currency ?? currency) === currency ? query.budgetCents : 'other';
}

/** Whether a price is within a budget; a budget in another currency cannot be compared and excludes nothing. */
export function isWithinBudget(price: Price, query: QueryUnderstanding | undefined): boolean {
  const budget = budgetFor(price, query);
  return typeof budget !== 'number' || price.totalCents <= budget;
}

/** What an outfit within the budget leaves of it. */
export function argueBudget(price: Price, query: QueryUnderstanding | undefined): Argument {
  const budget = budgetFor(price, query);
  if (budget === undefined) return { weight: 0, reasons: [] };
  if (budget === 'other') return { weight: 0, reasons: [notCompared(price, query?.currency)] };
  const spent = budget === 0 ? 1 : price.totalCents / budget;
  const text = (cents: number): string => moneyText(cents, price.currency);
  return {
    score: 1 - (1 - FULLY_SPENT) * spent,
    weight: WEIGHT,
    reasons: [
      `At ${text(price.totalCents)} it leaves ${text(budget - price.totalCents)} of your budget of ${text(budget)}.`,
    ],
  };
}

function notCompared({ currency }: Price, asked: string | undefined): string {
  return `Prices are in ${currency}: they were not compared with your budget in ${asked ?? 'an unnamed currency'}.`;
}
