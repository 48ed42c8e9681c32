import * as z from 'zod';
import { fraction } from './colour';
import { cents, currencyCode, outfitItem } from './garment';
import { emptyBecause } from './outfits';

/** An outfit that is recommended, and why. */
export const recommendation = z.object({
  /** Place in the list, from 1. */
  rank: z.number().int().min(1),
  outfitId: z.string().min(1),
  score: fraction,
  /** Sentences for the person, the weightiest first. */
  reasons: z.array(z.string().min(1)).min(1),
  items: z.array(outfitItem).min(1),
  totalCents: cents,
  currency: currencyCode,
});

/** What is recommended, best first. Empty when no outfit fits the query. */
export const recommendationList = z.object({
  recommendations: z.array(recommendation).max(100),
  emptyBecause: emptyBecause.optional(),
});

export type Recommendation = z.infer<typeof recommendation>;
export type RecommendationList = z.infer<typeof recommendationList>;
