import * as z from 'zod';
import { plainWord } from './colour';
import { garmentCategory } from './garment';

/** A piece as somebody speaks of it: `trousers`, `red dress`, `black leather shoes`. Empty lists: whichever. */
export const pieceWish = z.object({
  category: garmentCategory,
  /** Narrower than the category (`skirt`); absent: any piece of the category. */
  kind: plainWord.optional(),
  /** Names of colours, of which any will do. */
  colours: z.array(plainWord),
  /** Of which any will do. */
  materials: z.array(plainWord),
});

export type PieceWish = z.infer<typeof pieceWish>;
