import type { Outfit } from '@aura/contracts';

/** What an outfit costs. */
export interface Price {
  readonly totalCents: number;
  readonly currency: string;
}

/** The price of all pieces together; undefined when they are priced in several currencies and cannot be added. */
export function priceOf({ items }: Outfit): Price | undefined {
  const currencies = new Set(items.map(({ currency }) => currency));
  const [currency] = currencies;
  if (currency === undefined || currencies.size > 1) return undefined;
  return { totalCents: items.reduce((sum, { priceCents }) => sum + priceCents, 0), currency };
}
