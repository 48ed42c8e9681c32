import * as z from 'zod';
import { fraction } from './colour';
import { outfitItem } from './garment';

/** Rules of colour harmony, by the distances between hues; `neutral`: at most one hue beside greys. */
export const harmonyRule = z.enum([
  'neutral',
  'monochromatic',
  'analogous',
  'complementary',
  'split-complementary',
  'triadic',
]);

/** Pieces that are worn together, and how well their colours go together. */
export const outfit = z.object({
  /** Stands for the set of its items: the same items have the same id. */
  id: z.string().min(1),
  items: z.array(outfitItem).min(1).max(12),
  harmony: z.object({ rule: harmonyRule, score: fraction }),
});

/** Why a list is empty, one sentence for the person; absent when it is not. */
export const emptyBecause = z.string().min(1);

/** Outfits that were combined, best harmony first. Empty when the catalogue has nothing that fits. */
export const outfitSelection = z.object({
  outfits: z.array(outfit).max(100),
  emptyBecause: emptyBecause.optional(),
});

export type HarmonyRule = z.infer<typeof harmonyRule>;
export type Outfit = z.infer<typeof outfit>;
export type OutfitSelection = z.infer<typeof outfitSelection>;
