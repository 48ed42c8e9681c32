import type { GarmentCategory } from '@aura/contracts';
import { isWholeCategory } from '@aura/garment';
import type { Wish } from './wish';

/** What an outfit is made of: one piece of each category. */
export type Form = readonly GarmentCategory[];

/** Forms of outfits, from the barest to the fullest. */
const FORMS: readonly Form[] = [
  ['dress', 'shoes'],
  ['dress', 'shoes', 'bag'],
  ['dress', 'outerwear', 'shoes'],
  ['dress', 'shoes', 'accessory'],
  ['dress', 'outerwear', 'shoes', 'bag'],
  ['top', 'bottom', 'shoes'],
  ['top', 'bottom', 'shoes', 'bag'],
  ['top', 'bottom', 'outerwear', 'shoes'],
  ['top', 'bottom', 'shoes', 'accessory'],
];

/** Categories that an outfit is built around: without them there is nothing to wear. */
export const MAIN_CATEGORIES: Form = ['dress', 'top', 'bottom'];

/**
 * The forms with every garment that is asked for, and without what is refused altogether (`no shoes`). Garments that no
 * form has together (a dress and a skirt) are alternatives: then any one of them will do.
 */
export function formsFor({ garments, avoidPieces }: Wish): readonly Form[] {
  const gone = avoidPieces.filter(isWholeCategory).map(({ category }) => category);
  const forms = distinct(
    FORMS.map((form) =>
      form.filter((category) => MAIN_CATEGORIES.includes(category) || !gone.includes(category)),
    ),
  );
  const all = forms.filter((form) => garments.every((garment) => form.includes(garment)));
  return all.length > 0 ? all : forms.filter((form) => garments.some((garment) => form.includes(garment)));
}

function distinct(forms: readonly Form[]): readonly Form[] {
  return [...new Map(forms.map((form) => [form.join('+'), form])).values()];
}
