import type { Outfit, PieceWish, QueryUnderstanding, StyleProfile } from '@aura/contracts';
import { oklabOfHex } from '@aura/colour';
import { isPiece } from '@aura/garment';
import type { CatalogueItem } from '../catalogue/catalogue';
import { candidatesOf, type Candidate, type Piece } from './candidates';
import { MAIN_CATEGORIES } from './forms';
import { outfitIdOf, outfitItemOf } from './outfit-of';
import { likingOf } from './taste';
import { suits, wishOf, type Wish } from './wish';

/** Pieces of one category that are tried at first: those most to the person's taste. */
const TRIED = 7;

/** Most outfits that are offered. */
const MOST_OUTFITS = 24;

/** Most offered outfits that share their main piece (dress, or top), so that there is a choice. */
const MOST_WITH_SAME_PIECE = 3;

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
  return choose(bestCandidates(pieces, wish)).map(outfitOf).sort(byHarmony);
}

/**
 * What the pieces combine to. Kinds that are asked for (`a skirt`) are kept to where that gives anything, and taste
 * leaves pieces out only where something is left.
 */
function bestCandidates(pieces: readonly Piece[], wish: Wish): readonly Candidate[] {
  const ofKinds = pieces.filter(({ item }) => isOfWantedKind(item, wish.pieces));
  for (const choice of [ofKinds, pieces]) {
    for (const most of [TRIED, Infinity]) {
      const candidates = [...candidatesOf(mostLiked(choice, most), wish)];
      if (candidates.length > 0) return candidates;
    }
  }
  return [];
}

/** Whether a piece is of a kind that is asked for in its category; a wish without a kind takes any. */
function isOfWantedKind(item: CatalogueItem, wanted: readonly PieceWish[]): boolean {
  const wishes = wanted.filter(({ category }) => category === item.category);
  return wishes.length === 0 || wishes.some((wish) => isPiece(item, { ...wish, colours: [], materials: [] }));
}

/** The pieces of each category that are most to the person's taste, at most so many. */
function mostLiked(pieces: readonly Piece[], most: number): readonly Piece[] {
  const best = [...pieces].sort(
    (one, other) => other.liking - one.liking || compare(one.item.id, other.item.id),
  );
  const categories = new Set(best.map(({ item }) => item.category));
  return [...categories].flatMap((category) =>
    best.filter(({ item }) => item.category === category).slice(0, most),
  );
}

/** The candidates best by harmony and liking together, without too many around the same piece. */
function choose(candidates: readonly Candidate[]): readonly Candidate[] {
  const ordered = [...candidates].sort(
    (one, other) => worth(other) - worth(one) || compare(outfitIdOf(one.items), outfitIdOf(other.items)),
  );
  const used = new Map<string, number>();
  const chosen: Candidate[] = [];
  for (const candidate of ordered) {
    const mains = candidate.items.filter(({ category }) => MAIN_CATEGORIES.includes(category));
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
