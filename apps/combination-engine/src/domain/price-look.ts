import type { PricedLook } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import type { CatalogueItem } from '../catalogue/catalogue';
import { outfitIdOf, outfitItemOf } from './outfit-of';

/** Pieces that are worn together, with their prices. Errors: `BusinessError` UNKNOWN_PIECE, PIECE_TWICE. */
export function priceLook(catalogue: readonly CatalogueItem[], ids: readonly string[]): PricedLook {
  const unknown = ids.filter((id) => catalogue.every((item) => item.id !== id));
  if (unknown.length > 0) throw unknownPieces(unknown, catalogue);
  const twice = ids.find((id, n) => ids.indexOf(id) < n);
  if (twice !== undefined) throw pieceTwice(twice);
  const items = catalogue.filter(({ id }) => ids.includes(id));
  const [currency, other] = [...new Set(items.map((item) => item.currency))];
  if (currency === undefined || other !== undefined)
    throw new TypeError(`pieces of one look have one currency, not ${String(currency)} and ${String(other)}`);
  return {
    outfitId: outfitIdOf(items),
    items: items.map(outfitItemOf),
    totalCents: items.reduce((sum, { priceCents }) => sum + priceCents, 0),
    currency,
  };
}

function unknownPieces(unknown: readonly string[], catalogue: readonly CatalogueItem[]): BusinessError {
  const [first, last] = [catalogue[0]?.id, catalogue.at(-1)?.id];
  return new BusinessError(`the catalogue has no ${unknown.join(', no ')}`, {
    code: 'UNKNOWN_PIECE',
    help: `Give ids of pieces as complete_fashion_analysis names them, e.g. ${first} or ${last}.`,
  });
}

function pieceTwice(id: string): BusinessError {
  return new BusinessError(`${id} is named twice in one look`, {
    code: 'PIECE_TWICE',
    help: 'Name each piece once: nobody wears it twice at the same time.',
  });
}
