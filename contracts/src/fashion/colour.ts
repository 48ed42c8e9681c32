import * as z from 'zod';

/** A colour as `#rrggbb` in sRGB, lower case. */
export const hexColour = z.string().regex(/^#[0-9a-f]{6}$/, 'must be #rrggbb in lower case');

/** A word of the domain in lower case (`navy`, `smart casual`, `date-night`): 1 to 40 characters. */
export const plainWord = z
  .string()
  .regex(/^[a-z][a-z0-9 -]{0,39}$/, 'must be lower-case letters, digits, spaces or hyphens, at most 40');

/** A part of a whole, or a score: 0 to 1. */
export const fraction = z.number().min(0).max(1);

/** A colour and how much of a picture it covers; the shares of a palette add up to 1, give or take rounding. */
export const paletteColour = z.object({ hex: hexColour, share: fraction, name: plainWord });

/** A colour that somebody likes, and how much. */
export const weightedColour = z.object({ hex: hexColour, name: plainWord, weight: fraction });

/** A style such as `minimal` or `romantic`, and how much of it somebody has. */
export const weightedStyle = z.object({ name: plainWord, weight: fraction });

export type PaletteColour = z.infer<typeof paletteColour>;
export type WeightedColour = z.infer<typeof weightedColour>;
export type WeightedStyle = z.infer<typeof weightedStyle>;
