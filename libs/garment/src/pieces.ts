import type { OutfitItem, PieceWish, QueryUnderstanding } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import { GARMENTS } from './vocabulary';

/** What is asked of a piece to tell whether it is the one that somebody speaks of. */
export type Garment = Pick<OutfitItem, 'category' | 'kinds' | 'materials' | 'hex'>;

/** What a query does not want. */
export type Refusals = Pick<QueryUnderstanding, 'avoidColours' | 'avoidMaterials' | 'avoidPieces'>;

/** Whether a piece is what somebody speaks of. A piece whose kinds or materials are not known is of none. */
export function isPiece(garment: Garment, { category, kind, colours, materials }: PieceWish): boolean {
  return (
    garment.category === category &&
    (kind === undefined || garment.kinds?.includes(kind) === true) &&
    (colours.length === 0 || colours.some((word) => isOfColour(garment.hex, word))) &&
    (materials.length === 0 || materials.some((material) => isMadeOf(garment, material)))
  );
}

/** Whether a piece is made of a material, as far as that is known. */
export function isMadeOf({ materials = [] }: Pick<Garment, 'materials'>, material: string): boolean {
  return materials.includes(material);
}

/** Whether a piece has a colour or a material that is refused, or is one of the pieces that are. */
export function isRefused(garment: Garment, refusals: Refusals): boolean {
  const { avoidColours, avoidMaterials = [], avoidPieces = [] } = refusals;
  return (
    avoidColours.some((word) => isOfColour(garment.hex, word)) ||
    avoidMaterials.some((material) => isMadeOf(garment, material)) ||
    avoidPieces.some((wish) => isPiece(garment, wish))
  );
}

/** Whether a wish speaks of every piece of its category: `shoes`, and not `black shoes` or `sneakers`. */
export function isWholeCategory({ kind, colours, materials }: PieceWish): boolean {
  return kind === undefined && colours.length === 0 && materials.length === 0;
}

/** A piece in words, as it stands in a sentence without an article: `red or pink leather boots`. */
export function pieceText({ category, kind, colours, materials }: PieceWish): string {
  const noun = kind ?? GARMENTS[category].spoken;
  return [colours.join(' or '), materials.join(' or '), noun].filter((word) => word !== '').join(' ');
}

/** The colours of a query that are about no garment: those that it names, less those of its pieces. */
export function looseColours({
  colours,
  pieces = [],
}: Pick<QueryUnderstanding, 'colours' | 'pieces'>): readonly string[] {
  const bound = new Set(pieces.flatMap((piece) => piece.colours));
  return colours.filter((colour) => !bound.has(colour));
}
