import {
  outfitSelection,
  type Outfit,
  type OutfitItem,
  type PieceWish,
  type QueryUnderstanding,
  type StyleProfile,
} from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import { isRefused } from '@aura/garment';
import fc from 'fast-check';
import { CATALOGUE } from '../catalogue/catalogue';
import { combine } from './combine';

const greenLover: StyleProfile = {
  season: 'summer',
  undertone: 'cool',
  contrast: 'medium',
  colours: [
    { hex: '#2e8b45', name: 'green', weight: 0.7 },
    { hex: '#f6f1e1', name: 'ivory', weight: 0.3 },
  ],
  styles: [{ name: 'natural', weight: 1 }],
  basedOn: { images: 1, queries: 0 },
};

const NOTHING: QueryUnderstanding = {
  neutral: false,
  occasions: [],
  seasons: [],
  colours: [],
  avoidColours: [],
  garments: [],
  styles: [],
};

const pieces = new Map(CATALOGUE.map((item) => [item.id, item]));
const totalOf = (items: readonly { readonly priceCents: number }[]): number =>
  items.reduce((sum, { priceCents }) => sum + priceCents, 0);

describe('combine', () => {
  it('offers a choice of outfits when nothing is asked', () => {
    const outfits = combine(CATALOGUE, greenLover, undefined);
    expect(outfits.length).toBeGreaterThanOrEqual(12);
    expect(outfits.some(({ items }) => items.some(({ hex }) => isOfColour(hex, 'green')))).toBe(true);
    expect(outfitSelection.parse({ outfits })).toEqual({ outfits });
  });

  it('puts the best harmony first and gives the same items the same id', () => {
    const outfits = combine(CATALOGUE, greenLover, undefined);
    const scores = outfits.map(({ harmony }) => harmony.score);
    expect(scores).toEqual([...scores].sort((one, other) => other - one));
    expect(new Set(outfits.map(({ id }) => id)).size).toBe(outfits.length);
    for (const { id, items } of outfits)
      expect(id.split('+').sort()).toEqual(items.map((item) => item.id).sort());
  });

  it('does not depend on the order of the catalogue', () => {
    const backwards = [...CATALOGUE].reverse();
    const ids = (outfits: ReturnType<typeof combine>): readonly string[] => outfits.map(({ id }) => id);
    expect(ids(combine(backwards, greenLover, undefined))).toEqual(
      ids(combine(CATALOGUE, greenLover, undefined)),
    );
  });

  it('follows the taste: another profile gets other outfits', () => {
    const red: StyleProfile = { ...greenLover, colours: [{ hex: '#6d1a2d', name: 'burgundy', weight: 1 }] };
    expect(combine(CATALOGUE, red, undefined)).not.toEqual(combine(CATALOGUE, greenLover, undefined));
  });

  it('is empty when the catalogue has nothing that fits', () => {
    expect(
      combine(CATALOGUE, greenLover, { ...NOTHING, occasions: ['wedding'], budgetCents: 2_000 }),
    ).toEqual([]);
    expect(combine([], greenLover, undefined)).toEqual([]);
  });

  it('takes garments that nobody wears together for alternatives', () => {
    const outfits = combine(CATALOGUE, greenLover, { ...NOTHING, garments: ['dress', 'bottom'] });
    expect(outfits.length).toBeGreaterThan(0);
    for (const { items } of outfits)
      expect(items.some(({ category }) => category === 'dress' || category === 'bottom')).toBe(true);
  });

  const piece = (category: PieceWish['category'], more: Partial<PieceWish> = {}): PieceWish => ({
    category,
    colours: [],
    materials: [],
    ...more,
  });
  const asked = (query: Partial<QueryUnderstanding>): readonly Outfit[] =>
    combine(CATALOGUE, greenLover, { ...NOTHING, ...query });
  const itemsOf = (outfits: readonly Outfit[]): readonly OutfitItem[] =>
    outfits.flatMap(({ items }) => items);

  it('keeps a refused material out of every outfit', () => {
    const outfits = asked({ avoidMaterials: ['leather'] });
    expect(outfits.length).toBeGreaterThan(5);
    expect(itemsOf(outfits).filter(({ materials }) => materials?.includes('leather'))).toEqual([]);
  });

  it('keeps refused trousers out of every outfit, and lets skirts and dresses stay', () => {
    const items = itemsOf(asked({ avoidPieces: [piece('bottom', { kind: 'trousers' })] }));
    expect(items.filter(({ kinds }) => kinds?.includes('trousers'))).toEqual([]);
    expect(items.map(({ category }) => category)).toEqual(expect.arrayContaining(['bottom', 'dress']));
  });

  it('takes only the shoes out of outfits for who wants none', () => {
    const outfits = asked({ avoidPieces: [piece('shoes')] });
    expect(outfits.length).toBeGreaterThan(5);
    expect(itemsOf(outfits).filter(({ category }) => category === 'shoes')).toEqual([]);
  });

  it('refuses a colour of a garment and lets the colour and the garment stay', () => {
    const items = itemsOf(asked({ avoidPieces: [piece('shoes', { colours: ['black'] })] }));
    const black = items.filter(({ hex }) => isOfColour(hex, 'black')).map(({ category }) => category);
    expect(black).not.toContain('shoes');
    expect(items.some(({ category }) => category === 'shoes')).toBe(true);
  });

  it('keeps to a kind that is asked for, and takes another of its category where that leaves nothing', () => {
    const skirt = { garments: ['bottom' as const], pieces: [piece('bottom', { kind: 'skirt' })] };
    const bottoms = itemsOf(asked(skirt)).filter(({ category }) => category === 'bottom');
    expect(bottoms.length).toBeGreaterThan(0);
    expect(bottoms.filter(({ kinds }) => !kinds?.includes('skirt'))).toEqual([]);
    expect(asked({ ...skirt, occasions: ['sport'] }).length).toBeGreaterThan(0);
  });

  it('tries a red dress for who asks for one, and no red shoes instead', () => {
    const query = {
      colours: ['red'],
      garments: ['dress' as const],
      pieces: [piece('dress', { colours: ['red'] })],
    };
    const items = itemsOf(asked(query));
    expect(items.some(({ category, hex }) => category === 'dress' && isOfColour(hex, 'red'))).toBe(true);
    expect(items.filter(({ category, hex }) => category === 'shoes' && isOfColour(hex, 'red'))).toEqual([]);
  });

  it('tries what is less to the taste before it finds nothing', () => {
    const blackOnly: StyleProfile = {
      ...greenLover,
      colours: [{ hex: '#141414', name: 'black', weight: 1 }],
    };
    const query = { ...NOTHING, garments: ['dress' as const], budgetCents: 11_500 };
    expect(combine(CATALOGUE, blackOnly, query).length).toBeGreaterThan(0);
  });

  it('lets a budget in another currency bind nothing', () => {
    const query = { ...NOTHING, budgetCents: 100, currency: 'USD' };
    expect(combine(CATALOGUE, greenLover, query)).toEqual(combine(CATALOGUE, greenLover, NOTHING));
  });

  it('keeps to whatever a query asks', () => {
    const query: fc.Arbitrary<QueryUnderstanding> = fc.record({
      neutral: fc.constant(false),
      occasions: fc.subarray(['everyday', 'work', 'wedding', 'party'], { maxLength: 2 }),
      seasons: fc
        .subarray(['spring', 'summer', 'autumn', 'winter'] as const, { maxLength: 2 })
        .map((all) => [...all]),
      colours: fc.constant([]),
      avoidColours: fc.subarray(['black', 'blue', 'green', 'navy', 'beige'], { maxLength: 2 }),
      garments: fc.subarray(['dress', 'outerwear', 'bag'] as const, { maxLength: 2 }).map((all) => [...all]),
      styles: fc.constant([]),
      avoidMaterials: fc.subarray(['leather', 'wool', 'cotton'], { maxLength: 2 }),
      avoidPieces: fc.subarray(
        [piece('bottom', { kind: 'trousers' }), piece('shoes', { colours: ['black'] }), piece('accessory')],
        { maxLength: 2 },
      ),
      budgetCents: fc.integer({ min: 5_000, max: 60_000 }),
    });
    fc.assert(
      fc.property(query, (asked) => {
        for (const { items } of combine(CATALOGUE, greenLover, asked)) {
          const known = items.flatMap(({ id }) => pieces.get(id) ?? []);
          expect(totalOf(items)).toBeLessThanOrEqual(asked.budgetCents ?? Infinity);
          expect(items.filter(({ hex }) => asked.avoidColours.some((word) => isOfColour(hex, word)))).toEqual(
            [],
          );
          expect(items.filter((item) => isRefused(item, asked))).toEqual([]);
          for (const garment of asked.garments)
            expect(items.map(({ category }) => category)).toContain(garment);
          for (const item of known) {
            if (asked.seasons.length > 0)
              expect(item.seasons.some((season) => asked.seasons.includes(season))).toBe(true);
            if (asked.occasions.length > 0)
              expect(item.occasions.some((one) => asked.occasions.includes(one))).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
