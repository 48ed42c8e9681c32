import type { GarmentCategory, Outfit, OutfitItem, PieceWish, QueryUnderstanding } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import { GARMENTS, isMadeOf, isPiece, looseColours, pieceText } from '@aura/garment';
import type { Argument } from './request';
import { inSentence, listed, sentence } from './words';

/** How much it counts that an outfit has what was asked for. */
const WEIGHT = 0.25;

/**
 * Whether an outfit has the colours, materials and garments that were asked for by name; a colour at a garment (`red dress`)
 * is asked of that garment alone. Occasion and season are not argued here: pieces do not say what they are for, and
 * whoever combined them has kept to it.
 */
export function argueQuery({ items }: Outfit, query: QueryUnderstanding | undefined): Argument {
  if (query === undefined) return { weight: 0, reasons: [] };
  const { pieces = [], materials = [] } = query;
  const named = [
    ...looseColours(query).map((word) => colourWish(word, items)),
    ...materials.map((material) => materialWish(material, items)),
    ...pieces.map((piece) => pieceWish(piece, items)),
  ];
  const spokenOf = new Set(pieces.map(({ category }) => category));
  const garments = query.garments
    .filter((garment) => !spokenOf.has(garment))
    .map((garment) => garmentWish(garment, items));
  const wishes = [...named, ...garments];
  if (wishes.length === 0) return { weight: 0, reasons: [] };
  return {
    score: wishes.filter((wish) => wish.met).length / wishes.length,
    weight: WEIGHT,
    reasons: [...named.map(({ reason }) => reason), ...garmentReason(garments)],
  };
}

/** Words of the query that nothing was made of are no argument, but the person is told. */
export function sayNotUnderstood(query: QueryUnderstanding | undefined): Argument {
  const words = (query?.notUnderstood ?? []).map((word) => `"${word}"`);
  return { weight: 0, reasons: words.length === 0 ? [] : [`Not understood of your wish: ${listed(words)}.`] };
}

interface WishResult {
  readonly met: boolean;
  readonly reason: string;
}

type Items = readonly OutfitItem[];

function colourWish(word: string, items: Items): WishResult {
  const there = items.filter(({ hex }) => isOfColour(hex, word));
  return resultOf(word, there, `Nothing in it is ${word}, which you asked for.`);
}

function materialWish(material: string, items: Items): WishResult {
  const there = items.filter((item) => isMadeOf(item, material));
  return resultOf(material, there, `Nothing in it is of ${material}, which you asked for.`);
}

function pieceWish(wish: PieceWish, items: Items): WishResult {
  const text = pieceText(wish);
  const there = items.filter((item) => isPiece(item, wish));
  return resultOf(text, there, `It has no ${text}, which you asked for.`);
}

function resultOf(asked: string, there: Items, missing: string): WishResult {
  if (there.length === 0) return { met: false, reason: missing };
  const names = listed(there.map(({ name }) => inSentence(name)));
  return {
    met: true,
    reason: sentence(`the ${asked} you asked for ${isPlural(asked) ? 'are' : 'is'} there: ${names}.`),
  };
}

/** `boots` and not `dress`: the vocabulary has no other plurals. */
function isPlural(noun: string): boolean {
  return /[^s]s$/.test(noun);
}

function garmentWish(garment: GarmentCategory, items: Items): WishResult {
  return { met: items.some(({ category }) => category === garment), reason: GARMENTS[garment].spoken };
}

function garmentReason(wishes: readonly WishResult[]): readonly string[] {
  const there = wishes.filter(({ met }) => met).map(({ reason }) => reason);
  return there.length === 0 ? [] : [`It has what you asked for: ${listed(there)}.`];
}
