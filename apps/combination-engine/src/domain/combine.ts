import type { GarmentCategory, Outfit, QueryUnderstanding, StyleProfile } from '@aura/contracts';
import { oklabOfHex, type Oklab } from '@aura/colour';
import type { CatalogueItem } from '../catalogue/catalogue';
import { harmonyOf, type Harmony } from './harmony';
import { outfitIdOf, outfitItemOf } from './outfit-of';
import { likingOf } from './taste';
import { goTogether, suits, wishOf, type Wish } from './wish';

/** Pieces of one category that are tried: those most to the person's taste. */
const TRIED = 7;

/** Least score of harmony that an outfit needs. */
const LEAST_HARMONY = 0.55;

/** Most outfits that are offered. */
const MOST_OUTFITS = 24;

/** Most offered outfits that share their main piece (dress, or top), so that there is a choice. */
const MOST_WITH_SAME_PIECE = 3;

/** What outfits are made of, from the barest to the fullest. */
const FORMS: readonly (readonly GarmentCategory[])[] = [
  ['dress', 'shoes'],
  ['dress', 'shoes', 'bag'],
  ['dress', 'outerwear', 'shoes'],
  ['dress', 'shoes', 'accessory'],
  ['dress', 'outerwear', 'shoes', 'bag'],
  ['top', 'bottom', 'shoes'],
  ['top', 'bottom', 'shoes', 'bag'],
  ['top', 'bottom', 'outerwear', 'shoes'],
  ['top', 'bottom', 'shoes', 'accessory'],
];

/** A piece that is tried, with what is asked of it again and again. */
interface Piece {
  readonly item: CatalogueItem;
  readonly lab: Oklab;
  readonly liking: number;
}

interface Candidate {
  readonly items: readonly CatalogueItem[];
  readonly harmony: Harmony;
  /** Mean liking of the pieces. */
  readonly liking: number;
}

/**
 * Outfits from a catalogue that keep to the query, in harmony by the rules of colour, best harmony first; at most 24.
 * Liking decides which pieces are tried and which outfits are kept. A function of its arguments; empty when nothing fits.
 */
export function combine(
  catalogue: readonly CatalogueItem[],
  profile: StyleProfile,
  query: QueryUnderstanding | undefined,
): readonly Outfit[] {
  const wish = wishOf(query);
  const pieces = catalogue
    .filter((item) => suits(item, wish))
    .map((item) => ({ item, lab: oklabOfHex(item.hex), liking: likingOf(item, profile, query) }));
  const tried = triedPieces(pieces);
  const candidates = formsFor(wish).flatMap((form) =>
    combinations(form.map((category) => tried.get(category) ?? [])).flatMap((outfit) =>
      candidateOf(outfit, wish),
    ),
  );
  return choose(candidates).map(outfitOf).sort(byHarmony);
}

function triedPieces(pieces: readonly Piece[]): ReadonlyMap<GarmentCategory, readonly Piece[]> {
  const best = [...pieces].sort(
    (one, other) => other.liking - one.liking || compare(one.item.id, other.item.id),
  );
  const categories = [...new Set(best.map(({ item }) => item.category))];
  return new Map(
    categories.map((category) => [
      category,
      best.filter(({ item }) => item.category === category).slice(0, TRIED),
    ]),
  );
}

/**
 * The forms with every garment that is asked for. Garments that no form has together (a dress and a skirt) are
 * alternatives: then any one of them will do.
 */
function formsFor({ garments }: Wish): readonly (readonly GarmentCategory[])[] {
  const all = FORMS.filter((form) => garments.every((garment) => form.includes(garment)));
  return all.length > 0 ? all : FORMS.filter((form) => garments.some((garment) => form.includes(garment)));
}

function combinations<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (begun, choice) => begun.flatMap((chosen) => choice.map((next) => [...chosen, next])),
    [[]],
  );
}

function candidateOf(pieces: readonly Piece[], wish: Wish): readonly Candidate[] {
  const items = pieces.map(({ item }) => item);
  if (!goTogether(items, wish)) return [];
  const harmony = harmonyOf(pieces.map(({ lab }) => lab));
  if (harmony === undefined || harmony.score < LEAST_HARMONY) return [];
  return [{ items, harmony, liking: pieces.reduce((sum, { liking }) => sum + liking, 0) / pieces.length }];
}

/** The candidates best by harmony and liking together, without too many around the same piece. */
function choose(candidates: readonly Candidate[]): readonly Candidate[] {
  const ordered = [...candidates].sort(
    (one, other) => worth(other) - worth(one) || compare(outfitIdOf(one.items), outfitIdOf(other.items)),
  );
  const used = new Map<string, number>();
  const chosen: Candidate[] = [];
  for (const candidate of ordered) {
    const mains = candidate.items.filter(({ category }) => ['dress', 'top', 'bottom'].includes(category));
    if (mains.some(({ id }) => (used.get(id) ?? 0) >= MOST_WITH_SAME_PIECE)) continue;
    mains.forEach(({ id }) => used.set(id, (used.get(id) ?? 0) + 1));
    chosen.push(candidate);
    if (chosen.length === MOST_OUTFITS) break;
  }
  return chosen;
}

function worth({ harmony, liking }: Candidate): number {
  return harmony.score + liking;
}

function outfitOf({ items, harmony }: Candidate): Outfit {
  return { id: outfitIdOf(items), items: items.map(outfitItemOf), harmony };
}

function byHarmony(one: Outfit, other: Outfit): number {
  return other.harmony.score - one.harmony.score || compare(one.id, other.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
