import { moneyText } from '@aura/contracts';
import { GARMENTS, pieceText } from '@aura/garment';
import { CURRENCY, type Wish } from './wish';

/** One thing that a wish asks, in words for the person, and the wish without it. */
export interface Condition {
  readonly text: string;
  readonly without: Wish;
  /** Whether it is about money. */
  readonly budget?: boolean;
}

/** Everything that a wish binds outfits to, in the order in which people say it; what it leaves open is not among it. */
export function conditionsOf(wish: Wish): readonly Condition[] {
  return [...purposeOf(wish), ...refusalsOf(wish), ...budgetOf(wish)];
}

function purposeOf(wish: Wish): readonly Condition[] {
  const { seasons, occasions, formality, garments } = wish;
  const look = garments.map((garment) => GARMENTS[garment].spoken).join(' and ');
  return [
    ...ifAny(seasons, { text: `the season ${either(seasons)}`, without: { ...wish, seasons: [] } }),
    ...ifAny(occasions, { text: `the occasion ${either(occasions)}`, without: { ...wish, occasions: [] } }),
    ...(formality === undefined
      ? []
      : [{ text: `the formality ${formality}`, without: { ...wish, formality: undefined } }]),
    ...ifAny(garments, { text: `a look with ${look}`, without: { ...wish, garments: [], pieces: [] } }),
  ];
}

function refusalsOf(wish: Wish): readonly Condition[] {
  const { avoidColours, avoidMaterials, avoidPieces } = wish;
  return [
    ...avoidColours.map((colour) => ({
      text: `no ${colour}`,
      without: { ...wish, avoidColours: avoidColours.filter((other) => other !== colour) },
    })),
    ...avoidMaterials.map((material) => ({
      text: `no ${material}`,
      without: { ...wish, avoidMaterials: avoidMaterials.filter((other) => other !== material) },
    })),
    ...avoidPieces.map((piece) => ({
      text: `no ${pieceText(piece)}`,
      without: { ...wish, avoidPieces: avoidPieces.filter((other) => other !== piece) },
    })),
  ];
}

function budgetOf(wish: Wish): readonly Condition[] {
  if (wish.mostCents === Infinity) return [];
  const text = `at most ${moneyText(wish.mostCents, CURRENCY)} for the whole outfit`;
  return [{ text, without: { ...wish, mostCents: Infinity }, budget: true }];
}

function either(words: readonly string[]): string {
  return words.map((word) => word.replace('-', ' ')).join(' or ');
}

function ifAny(list: readonly unknown[], condition: Condition): readonly Condition[] {
  return list.length === 0 ? [] : [condition];
}
