import type { QueryUnderstanding, StyleProfile } from '@aura/contracts';
import { colourDistance, isNeutral, isOfColour, oklabOfHex } from '@aura/colour';
import { isMadeOf, isPiece, looseColours } from '@aura/garment';
import type { CatalogueItem } from '../catalogue/catalogue';

/** Colours farther apart than this have nothing to do with each other. */
const FAR = 0.35;

/** A neutral piece fits every taste at least this much. */
const NEUTRAL_LIKED = 0.45;

/** A piece in a colour or of a material that was asked for by name is liked by this much more. */
const ASKED_FOR = 0.6;

/** How much a piece is to somebody's taste, 0 to 1.6: near to liked colours, and what the query names. */
export function likingOf(
  item: CatalogueItem,
  profile: StyleProfile,
  query: QueryUnderstanding | undefined,
): number {
  return closeness(item.hex, profile) + (query !== undefined && isAskedFor(item, query) ? ASKED_FOR : 0);
}

/** A colour at a garment (`red dress`) asks for that garment alone; a colour by itself for whatever has it. */
function isAskedFor(item: CatalogueItem, query: QueryUnderstanding): boolean {
  const { pieces = [], materials = [] } = query;
  return (
    looseColours(query).some((word) => isOfColour(item.hex, word)) ||
    materials.some((material) => isMadeOf(item, material)) ||
    pieces.some((wish) => isPiece(item, wish))
  );
}

/** The best match among the liked colours; a heavier colour reaches farther. */
function closeness(hex: string, { colours }: StyleProfile): number {
  const lab = oklabOfHex(hex);
  const heaviest = Math.max(...colours.map(({ weight }) => weight));
  const matches = colours.map((liked) => {
    const near = Math.max(0, 1 - colourDistance(lab, oklabOfHex(liked.hex)) / FAR);
    return near * (0.5 + 0.5 * (heaviest === 0 ? 1 : liked.weight / heaviest));
  });
  return Math.max(isNeutral(lab) ? NEUTRAL_LIKED : 0, ...matches);
}
