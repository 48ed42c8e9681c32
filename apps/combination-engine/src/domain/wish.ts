import type { Formality, GarmentCategory, PieceWish, QueryUnderstanding, Season } from '@aura/contracts';
import { isRefused } from '@aura/garment';
import type { CatalogueItem } from '../catalogue/catalogue';

/** What an outfit must keep to. */
export interface Wish {
  readonly seasons: readonly Season[];
  readonly occasions: readonly string[];
  readonly avoidColours: string[];
  readonly avoidMaterials: string[];
  readonly avoidPieces: PieceWish[];
  readonly garments: readonly GarmentCategory[];
  /** Pieces that are asked for. Kept to by their kinds, where that leaves anything. */
  readonly pieces: readonly PieceWish[];
  readonly formality?: Formality | undefined;
  /** Most that all pieces may cost together; Infinity without a budget. */
  readonly mostCents: number;
}

/** Levels of formality from the least to the most. */
const LEVELS: readonly Formality[] = ['casual', 'smart-casual', 'business', 'formal'];

/** A piece may be this many levels more or less dressed up than what it is asked or worn with. */
const LEVELS_APART = 1;

/** The currency of all prices here. A budget in another one cannot be held against them and binds nothing. */
export const CURRENCY = 'EUR';

const NOTHING_ASKED = {
  seasons: [],
  occasions: [],
  avoidColours: [],
  avoidMaterials: [],
  avoidPieces: [],
  garments: [],
  pieces: [],
};

/** The wish of a query; without a query, and of a neutral one, nothing is asked. */
export function wishOf(query: QueryUnderstanding | undefined): Wish {
  if (query === undefined) return { ...NOTHING_ASKED, mostCents: Infinity };
  const { seasons, occasions, avoidColours, garments, formality, currency = CURRENCY } = query;
  const mostCents = currency === CURRENCY ? (query.budgetCents ?? Infinity) : Infinity;
  const { avoidMaterials = [], avoidPieces = [], pieces = [] } = query;
  const refused = { avoidColours, avoidMaterials, avoidPieces };
  return { seasons, occasions, ...refused, garments, pieces, formality, mostCents };
}

/** Whether a single piece keeps to a wish; what concerns the whole outfit is asked by {@link goTogether}. */
export function suits(item: CatalogueItem, wish: Wish): boolean {
  return (
    item.priceCents <= wish.mostCents &&
    overlaps(item.seasons, wish.seasons) &&
    overlaps(item.occasions, wish.occasions) &&
    (wish.formality === undefined || levelsApart([item.formality, wish.formality]) <= LEVELS_APART) &&
    !isRefused(item, wish)
  );
}

/**
 * Whether pieces can be worn together within a wish: one season and one occasion (of those wished for) that all of them
 * are for, alike in formality, with every garment that is asked for, within the budget.
 */
export function goTogether(items: readonly CatalogueItem[], wish: Wish): boolean {
  const total = items.reduce((sum, { priceCents }) => sum + priceCents, 0);
  const seasons = shared(items.map((item) => item.seasons));
  const occasions = shared(items.map((item) => item.occasions));
  return (
    total <= wish.mostCents &&
    seasons.length > 0 &&
    overlaps(seasons, wish.seasons) &&
    occasions.length > 0 &&
    overlaps(occasions, wish.occasions) &&
    levelsApart(items.map((item) => item.formality)) <= LEVELS_APART
  );
}

/** Whether two lists have something in common; a wish for nothing in particular is always met. */
function overlaps<T>(offered: readonly T[], wished: readonly T[]): boolean {
  return wished.length === 0 || offered.some((one) => wished.includes(one));
}

function shared<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = [], ...rest] = lists;
  return first.filter((value) => rest.every((list) => list.includes(value)));
}

function levelsApart(levels: readonly Formality[]): number {
  const places = levels.map((level) => LEVELS.indexOf(level));
  return Math.max(...places) - Math.min(...places);
}
