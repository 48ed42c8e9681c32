export { isMadeOf, isPiece, isRefused, isWholeCategory, pieceText } from './pieces';
export type { Garment, Refusals } from './pieces';
export { GARMENTS, MATERIALS } from './vocabulary';
export type { GarmentWords } from './vocabulary';
