import * as z from 'zod';
import { plainWord } from './colour';
import { cents, currencyCode, formality, garmentCategory, season } from './garment';
import { pieceWish } from './piece-wish';

/**
 * What somebody asked for, in terms of the domain. Lists are empty, and optional members absent, where the query
 * says nothing. `neutral`: there was no query, or nothing of it was understood; every outfit suits it.
 */
export const queryUnderstanding = z.object({
  neutral: z.boolean(),
  /** The query as it was asked. */
  text: z.string().optional(),
  occasions: z.array(plainWord),
  seasons: z.array(season),
  /** Names of colours that are wanted, those of `pieces` among them. */
  colours: z.array(plainWord),
  /** Names of colours that are not wanted, whatever has them. */
  avoidColours: z.array(plainWord),
  garments: z.array(garmentCategory),
  /** Pieces that are wanted, where more than their category was said. */
  pieces: z.array(pieceWish).optional(),
  /** Pieces that are not wanted. */
  avoidPieces: z.array(pieceWish).optional(),
  /** Materials that are wanted, of whatever piece. */
  materials: z.array(plainWord).optional(),
  /** Materials that are not wanted, whatever is made of them. */
  avoidMaterials: z.array(plainWord).optional(),
  styles: z.array(plainWord),
  formality: formality.optional(),
  /** Most that a whole outfit may cost, in the smallest unit of `currency`. */
  budgetCents: cents.optional(),
  currency: currencyCode.optional(),
  /** Words of the query that nothing was made of, as they were said; filling words are not among them. */
  notUnderstood: z.array(z.string().min(1).max(100)).max(20).optional(),
});

export type QueryUnderstanding = z.infer<typeof queryUnderstanding>;
