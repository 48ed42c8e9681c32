import * as z from 'zod';
import { fraction, hexColour, paletteColour } from './colour';

/** Picture formats that Aura decodes. */
export const imageFormat = z.enum(['jpeg', 'png', 'webp', 'avif']);

/** What a picture shows, as far as its pixels tell. A function of the picture's bytes alone. */
export const imageAnalysis = z.object({
  /** Pixels, upright (orientation applied). */
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  format: imageFormat,
  /** Size of the file. */
  bytes: z.number().int().min(1),
  /** Largest share first. */
  palette: z.array(paletteColour).min(1).max(16),
  /** The colour with the largest share. */
  dominant: hexColour,
  /** Mean lightness: 0 black, 1 white. */
  brightness: fraction,
  /** Spread of lightness: 0 flat, 1 black on white. */
  contrast: fraction,
  /** Mean chroma: 0 grey, 1 as vivid as sRGB can be. */
  saturation: fraction,
  /** Mean temperature of the colours: -1 cold, 0 neutral, 1 warm. */
  warmth: z.number().min(-1).max(1),
});

export type ImageFormat = z.infer<typeof imageFormat>;
export type ImageAnalysis = z.infer<typeof imageAnalysis>;
