import { formality, hexColour, outfitItem, plainWord, season, type Season } from '@aura/contracts';
import { nearestColour } from '@aura/colour';
import { GARMENTS, MATERIALS } from '@aura/garment';
import { z } from 'zod';
import { CATALOGUE_TABLE } from './catalogue-table';

/** A piece of the catalogue: as it stands in an outfit, and what it is for. */
export const catalogueItem = outfitItem
  .required({ kinds: true, materials: true })
  .extend({
    materials: z.array(z.enum(Object.keys(MATERIALS))).min(1),
    seasons: z.array(season).min(1),
    occasions: z.array(plainWord).min(1),
    formality,
  })
  .refine(({ category, kinds }) => kinds.every((kind) => kind in GARMENTS[category].kinds), {
    path: ['kinds'],
    error: 'has a kind that its category has not',
  });

export type CatalogueItem = z.infer<typeof catalogueItem>;

const SEASONS: Readonly<Record<string, Season>> = { sp: 'spring', su: 'summer', au: 'autumn', wi: 'winter' };

/**
 * Reads a table of pieces, as `CATALOGUE_TABLE` describes it. Names of colours are those that all services use.
 * Throws `TypeError` with the line that is wrong.
 */
export function readCatalogue(table: string): readonly CatalogueItem[] {
  return table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readLine);
}

function readLine(line: string): CatalogueItem {
  const [id, name, category, kinds, materials, hex, price, seasons, occasions, level] = line
    .split('|')
    .map((cell) => cell.trim());
  const read = catalogueItem.safeParse({
    id,
    name,
    category,
    kinds: listIn(kinds),
    materials: listIn(materials),
    hex,
    colour: colourName(hex),
    priceCents: Math.round(Number(price) * 100),
    currency: 'EUR',
    seasons: seasons?.split(/\s+/).map((short) => SEASONS[short]),
    occasions: occasions?.split(/\s+/),
    formality: level,
  });
  if (!read.success) throw new TypeError(`catalogue line "${line.trim()}": ${z.prettifyError(read.error)}`);
  return read.data;
}

function listIn(cell: string | undefined): readonly string[] | undefined {
  return cell
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function colourName(hex: string | undefined): string | undefined {
  const read = hexColour.safeParse(hex);
  return read.success ? nearestColour(read.data).name : undefined;
}

/** Everything that outfits are made of. */
export const CATALOGUE: readonly CatalogueItem[] = readCatalogue(CATALOGUE_TABLE);
