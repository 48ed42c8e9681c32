import type { GarmentCategory, Outfit, QueryUnderstanding } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import type { Argument } from './request';
import { inSentence, listed, sentence } from './words';

/** How much it counts that an outfit has what was asked for. */
const WEIGHT = 0.25;

const GARMENT_WORDS: Readonly<Record<GarmentCategory, string>> = {
  top: 'top',
  bottom: 'trousers or skirt',
  dress: 'dress',
  outerwear: 'jacket or coat',
  shoes: 'shoes',
  bag: 'bag',
  accessory: 'accessory',
};

/**
 * Whether an outfit has the colours and garments that were asked for by name. Occasion and season are not argued here:
 * pieces do not say what they are for, and whoever combined them has kept to it.
 */
export function argueQuery(outfit: Outfit, query: QueryUnderstanding | undefined): Argument {
  const colours = (query?.colours ?? []).map((word) => colourWish(word, outfit));
  const garments = (query?.garments ?? []).map((garment) => garmentWish(garment, outfit));
  const wishes = [...colours, ...garments];
  if (wishes.length === 0) return { weight: 0, reasons: [] };
  const met = wishes.filter((wish) => wish.met).length;
  return {
    score: met / wishes.length,
    weight: WEIGHT,
    reasons: [...colours.map(({ reason }) => reason), ...garmentReason(garments)],
  };
}

interface WishResult {
  readonly met: boolean;
  readonly reason: string;
}

function colourWish(word: string, { items }: Outfit): WishResult {
  const pieces = items.filter(({ hex }) => isOfColour(hex, word)).map(({ name }) => inSentence(name));
  if (pieces.length === 0) return { met: false, reason: `Nothing in it is ${word}, which you asked for.` };
  return { met: true, reason: sentence(`the ${word} you asked for is there: ${listed(pieces)}.`) };
}

function garmentWish(garment: GarmentCategory, { items }: Outfit): WishResult {
  return { met: items.some(({ category }) => category === garment), reason: GARMENT_WORDS[garment] };
}

function garmentReason(wishes: readonly WishResult[]): readonly string[] {
  const there = wishes.filter(({ met }) => met).map(({ reason }) => reason);
  return there.length === 0 ? [] : [`It has what you asked for: ${listed(there)}.`];
}
