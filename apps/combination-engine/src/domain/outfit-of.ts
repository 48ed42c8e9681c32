import type { OutfitItem } from '@aura/contracts';
import type { CatalogueItem } from '../catalogue/catalogue';

/** A piece of the catalogue as it stands in an outfit. */
export function outfitItemOf({
  id,
  name,
  category,
  kinds,
  materials,
  hex,
  colour,
  priceCents,
  currency,
}: CatalogueItem): OutfitItem {
  return { id, name, category, kinds, materials, hex, colour, priceCents, currency };
}

/** The same pieces have the same id, whatever their order. */
export function outfitIdOf(items: readonly Pick<CatalogueItem, 'id'>[]): string {
  return items
    .map(({ id }) => id)
    .sort((one, other) => (one < other ? -1 : one > other ? 1 : 0))
    .join('+');
}
