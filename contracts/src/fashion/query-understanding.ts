import * as z from 'zod';
import { plainWord } from './colour';
import { cents, currencyCode, formality, garmentCategory, season } from './garment';

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
  /** Names of colours that are wanted. */
  colours: z.array(plainWord),
  /** Names of colours that are not wanted. */
  avoidColours: z.array(plainWord),
  garments: z.array(garmentCategory),
  styles: z.array(plainWord),
  formality: formality.optional(),
  /** Most that a whole outfit may cost, in the smallest unit of `currency`. */
  budgetCents: cents.optional(),
  currency: currencyCode.optional(),
});

export type QueryUnderstanding = z.infer<typeof queryUnderstanding>;
