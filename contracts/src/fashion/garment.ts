import * as z from 'zod';
import { hexColour, plainWord } from './colour';

/** Kinds of things to wear. */
export const garmentCategory = z.enum(['top', 'bottom', 'dress', 'outerwear', 'shoes', 'bag', 'accessory']);

/** Currency code of ISO 4217, e.g. `EUR`. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'must be a currency code such as EUR');

/** An amount of money in the smallest unit of its currency. */
export const cents = z.number().int().min(0);

/** Times of the year that clothes are for, and the colour seasons of people. */
export const season = z.enum(['spring', 'summer', 'autumn', 'winter']);

/** How dressed up something is, from the least to the most. */
export const formality = z.enum(['casual', 'smart-casual', 'business', 'formal']);

/** A piece of the catalogue as it stands in an outfit. */
export const outfitItem = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  category: garmentCategory,
  /** What it is within its category, all words that are true of it (`trousers`, `jeans`); absent: not known. */
  kinds: z.array(plainWord).max(8).exactOptional(),
  /** What it is made of (`leather`); absent: not known. */
  materials: z.array(plainWord).max(8).exactOptional(),
  hex: hexColour,
  colour: plainWord,
  priceCents: cents,
  currency: currencyCode,
});

export type GarmentCategory = z.infer<typeof garmentCategory>;
export type Season = z.infer<typeof season>;
export type Formality = z.infer<typeof formality>;
export type OutfitItem = z.infer<typeof outfitItem>;
