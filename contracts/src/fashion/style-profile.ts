import * as z from 'zod';
import { weightedColour, weightedStyle } from './colour';
import { season } from './garment';

/** Tint of a person's or a palette's colours. */
export const undertone = z.enum(['warm', 'neutral', 'cool']);

/** Distance between the lightest and the darkest that suits. */
export const contrastLevel = z.enum(['low', 'medium', 'high']);

/** The style that a picture, and what is known of a person, speak of. Weights are relative, the greatest first. */
export const styleProfile = z.object({
  userId: z.string().optional(),
  season,
  undertone,
  contrast: contrastLevel,
  colours: z.array(weightedColour).min(1).max(16),
  styles: z.array(weightedStyle).min(1).max(16),
  /** What the profile stands on: how many pictures, the present one included, and queries that said something. */
  basedOn: z.object({ images: z.number().int().min(0), queries: z.number().int().min(0) }),
});

export type Undertone = z.infer<typeof undertone>;
export type ContrastLevel = z.infer<typeof contrastLevel>;
export type StyleProfile = z.infer<typeof styleProfile>;
