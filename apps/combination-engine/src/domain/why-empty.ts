import { moneyText } from '@aura/contracts';
import type { QueryUnderstanding } from '@aura/contracts';
import { oklabOfHex } from '@aura/colour';
import type { CatalogueItem } from '../catalogue/catalogue';
import { candidatesOf, type Candidate } from './candidates';
import { conditionsOf, type Condition } from './conditions';
import { CURRENCY, suits, wishOf, type Wish } from './wish';

/**
 * Why a catalogue has no outfit for a query, in one sentence for the person: the one wish that leaves nothing, or those
 * of which any one less would leave something, or all of them. Asked only where there is none.
 */
export function whyEmpty(catalogue: readonly CatalogueItem[], query: QueryUnderstanding | undefined): string {
  const conditions = conditionsOf(wishOf(query));
  const guilty = conditions.filter(({ without }) => hasOutfit(catalogue, without));
  const said = guilty.map((condition) => `${condition.text}${leastText(catalogue, condition)}`).join(', ');
  if (guilty.length === 1) return `Nothing fits because of one wish: ${said}.`;
  if (guilty.length > 1)
    return `Nothing fits all of these wishes, and without any one of them something would: ${said}.`;
  if (!hasOutfit(catalogue, wishOf(undefined))) return 'Nothing in the catalogue goes together.';
  return `Nothing fits all of these wishes: ${conditions.map(({ text }) => text).join(', ')}.`;
}

function hasOutfit(catalogue: readonly CatalogueItem[], wish: Wish): boolean {
  return outfitsOf(catalogue, wish).next().done !== true;
}

/** Taste decides what is offered and not what there is: here nothing is left out for it. */
function outfitsOf(catalogue: readonly CatalogueItem[], wish: Wish): Generator<Candidate> {
  const suiting = catalogue.filter((item) => suits(item, wish));
  return candidatesOf(
    suiting.map((item) => ({ item, lab: oklabOfHex(item.hex), liking: 0 })),
    wish,
  );
}

/** Behind a budget: what the cheapest outfit for all other wishes costs. */
function leastText(catalogue: readonly CatalogueItem[], { without, budget = false }: Condition): string {
  if (!budget) return '';
  let least = Infinity;
  for (const { items } of outfitsOf(catalogue, without))
    least = Math.min(
      least,
      items.reduce((sum, { priceCents }) => sum + priceCents, 0),
    );
  return ` (${moneyText(least, CURRENCY)} is the least)`;
}
