import { outfitSelection, type QueryUnderstanding, type StyleProfile } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
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
