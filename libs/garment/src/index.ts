export { isMadeOf, isPiece, isRefused, isWholeCategory, looseColours, pieceText } from './pieces';
export type { Garment, Refusals } from './pieces';
export { GARMENTS, MATERIALS } from './vocabulary';
export type { GarmentWords } from './vocabulary';
