/** The most that somebody wants to spend, in the smallest unit of `currency`. */
export interface Budget {
  readonly cents: number;
  readonly currency: string;
}

/** A budget, and the query without the words that spoke of it. */
export interface BudgetReading {
  readonly budget?: Budget;
  readonly rest: string;
}

/** Prices of the catalogue are in euro; a number without a currency is read so. */
const DEFAULT_CURRENCY = 'EUR';

const CURRENCIES: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/^(€|eur|euros?)$/, 'EUR'],
  [/^(\$|usd|dollars?|bucks)$/, 'USD'],
  [/^(£|gbp|pounds?)$/, 'GBP'],
  [/^(chf|francs?)$/, 'CHF'],
];

const SIGN = String.raw`€|\$|£|\b(?:eur|usd|gbp|chf)\b`;
const WORD = String.raw`€|\$|£|(?:euros?|eur|usd|dollars?|bucks|gbp|pounds?|chf|francs?)\b`;
const NUMBER = String.raw`\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)`;
const AMOUNT = String.raw`(?:(${SIGN})\s*)?(${NUMBER})(?:\s*(${WORD}))?`;
const NO_MONEY = String.raw`(?!\s*(?:°|%|degrees|years?|yo\b|cm|kg|km|days?|people|pieces|items|th\b|st\b|nd\b|rd\b))`;

const UP_TO = String.raw`(?:no more than|not more than|not over|less than|cheaper than|at most|up to|under|below|within|max(?:imum)?(?: of)?|budget(?: is| of)?|spend)`;
const MORE_THAN = new RegExp(String.raw`(?:more than|at least|over|above|from)\s*${AMOUNT}${NO_MONEY}`, 'gi');
const RANGE = new RegExp(String.raw`(?:between\s*)?${AMOUNT}\s*(?:-|–|and|to)\s*${AMOUNT}${NO_MONEY}`, 'i');
const LIMIT = new RegExp(String.raw`\b${UP_TO}[\s:=]*(?:about|around)?\s*${AMOUNT}${NO_MONEY}`, 'i');
const PRICE = new RegExp(String.raw`(?:(?:for|about|around|of)\s*)?${AMOUNT}`, 'gi');

interface Amount {
  readonly value: number;
  readonly currency?: string;
  readonly at: number;
  readonly length: number;
}

/**
 * Finds how much somebody wants to spend: `under 120 euro`, `max. 80`, `€ 1.250,50`, `between 50 and 90 pounds`.
 * A lower bound (`over 50 euro`) is no budget. A bare number is one only behind a word like `under` or `budget`.
 */
export function readBudget(query: string): BudgetReading {
  const text = query.replace(/max\./gi, 'max');
  const limit = rangeIn(text) ?? limitIn(text) ?? priceIn(text.replace(MORE_THAN, blank));
  if (limit === undefined) return { rest: query };
  return {
    budget: { cents: Math.round(limit.value * 100), currency: limit.currency ?? DEFAULT_CURRENCY },
    rest: `${text.slice(0, limit.at)} ; ${text.slice(limit.at + limit.length)}`,
  };
}

function blank(match: string): string {
  return ' '.repeat(match.length);
}

function rangeIn(text: string): Amount | undefined {
  const match = RANGE.exec(text);
  if (match === null) return undefined;
  const [whole, signA, , wordA, signB, upper, wordB] = match;
  const currency = currencyOf(wordB ?? signB ?? wordA ?? signA);
  const between = /^between/i.test(whole);
  return currency === undefined && !between ? undefined : amount(match, upper, currency);
}

function limitIn(text: string): Amount | undefined {
  const match = LIMIT.exec(text);
  return match === null ? undefined : amount(match, match[2], currencyOf(match[3] ?? match[1]));
}

/** An amount that no word calls a limit: it needs a currency. */
function priceIn(text: string): Amount | undefined {
  return [...text.matchAll(PRICE)]
    .map((match) => amount(match, match[2], currencyOf(match[3] ?? match[1])))
    .find(({ currency }) => currency !== undefined);
}

function amount(match: RegExpMatchArray, digits: string | undefined, currency: string | undefined): Amount {
  const place = { at: match.index ?? 0, length: match[0].length, value: numberOf(digits ?? '0') };
  return currency === undefined ? place : { ...place, currency };
}

function currencyOf(text: string | undefined): string | undefined {
  const word = text?.trim().toLowerCase() ?? '';
  return CURRENCIES.find(([pattern]) => pattern.test(word))?.[1];
}

/** Reads `1,250.50`, `1.250,50`, `1 250` and `99,9`: a separator before exactly three digits groups thousands. */
function numberOf(digits: string): number {
  const plain = digits.replace(/[., ](?=\d{3}(?:\D|$))/g, '').replace(',', '.');
  return Number(plain);
}
