import * as z from 'zod';
import { paletteColour } from './colour';
import { emptyBecause, outfit } from './outfits';
import { recommendation } from './recommendations';
import { styleProfile } from './style-profile';

/** Output of the workflow `complete_fashion_analysis`. */
export const fashionAnalysis = z.object({
  palette: z.array(paletteColour),
  profile: styleProfile,
  outfits: z.array(outfit),
  recommendations: z.array(recommendation),
  /** Why nothing is recommended. */
  emptyBecause: emptyBecause.optional(),
});

export type FashionAnalysis = z.infer<typeof fashionAnalysis>;
