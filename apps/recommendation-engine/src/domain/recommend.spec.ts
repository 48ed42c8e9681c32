import {
  recommendationList,
  type Outfit,
  type OutfitItem,
  type QueryUnderstanding,
  type StyleProfile,
} from '@aura/contracts';
import { isOfColour, nearestColour } from '@aura/colour';
import fc from 'fast-check';
import { recommend } from './recommend';

const profile: StyleProfile = {
  season: 'autumn',
  undertone: 'warm',
  contrast: 'high',
  colours: [
    { hex: '#6d1a2d', name: 'burgundy', weight: 0.7 },
    { hex: '#efe3c6', name: 'cream', weight: 0.3 },
  ],
  styles: [{ name: 'classic', weight: 1 }],
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

function piece(id: string, name: string, more: Partial<OutfitItem> = {}): OutfitItem {
  return {
    id,
    name,
    category: 'top',
    hex: '#808285',
    colour: 'grey',
    priceCents: 5_000,
    currency: 'EUR',
    ...more,
  };
}

const burgundy = piece('t1', 'Burgundy jumper', { hex: '#6b1c2e', colour: 'burgundy' });
const cream = piece('b1', 'Cream skirt', { hex: '#f3ead9', colour: 'ivory', category: 'bottom' });
const navyDress = piece('d1', 'Navy dress', {
  hex: '#1e2a4a',
  colour: 'navy',
  category: 'dress',
  priceCents: 9_000,
});
const blackShoes = piece('s1', 'Black pumps', { hex: '#161617', colour: 'black', category: 'shoes' });

const warm: Outfit = {
  id: 'a',
  items: [burgundy, cream, blackShoes],
  harmony: { rule: 'neutral', score: 0.8 },
};
const cold: Outfit = { id: 'b', items: [navyDress, blackShoes], harmony: { rule: 'neutral', score: 0.8 } };

function ids(outfits: readonly Outfit[], query?: QueryUnderstanding): readonly string[] {
  return recommend({ profile, outfits, query }).map(({ outfitId }) => outfitId);
}

describe('recommend', () => {
  it('puts what is near to the profile first, with rank, total and reasons', () => {
    const [first, second] = recommend({ profile, outfits: [cold, warm] });
    expect(first).toMatchObject({
      rank: 1,
      outfitId: 'a',
      totalCents: 15_000,
      currency: 'EUR',
      items: warm.items,
    });
    expect(second).toMatchObject({ rank: 2, outfitId: 'b' });
    expect(first?.reasons).toEqual([
      'Nothing competes with the burgundy jumper: the rest is ivory and black.',
      'The burgundy of your palette returns in the burgundy jumper.',
      'Light against dark matches the high contrast of your look.',
      'Its warm colours suit your autumn palette.',
    ]);
  });

  it('puts what was asked for first, and says where it is missing', () => {
    const query: QueryUnderstanding = { ...NOTHING, colours: ['navy'], garments: ['dress'] };
    const [first, second] = recommend({ profile, outfits: [warm, cold], query });
    expect(first).toMatchObject({ outfitId: 'b' });
    expect(first?.reasons).toContain('The navy you asked for is there: navy dress.');
    expect(first?.reasons).toContain('It has what you asked for: dress.');
    expect(second?.reasons.at(-1)).toBe('Nothing in it is navy, which you asked for.');
  });

  const dress = (colours: readonly string[]): QueryUnderstanding => ({
    ...NOTHING,
    colours: [...colours],
    garments: ['dress'],
    pieces: [{ category: 'dress', colours: [...colours], materials: [] }],
  });

  it('holds a colour at a garment against that garment alone', () => {
    const [mustardDress, wineShoes, wineDress] = [
      piece('d2', 'Mustard dress', { hex: '#c4941f', colour: 'mustard', category: 'dress' }),
      piece('s2', 'Burgundy loafers', { hex: '#5f1b2a', colour: 'burgundy', category: 'shoes' }),
      piece('d3', 'Burgundy velvet dress', { hex: '#641a2c', colour: 'burgundy', category: 'dress' }),
    ];
    const outfits: Outfit[] = [
      { id: 'a', items: [mustardDress, wineShoes], harmony: { rule: 'neutral', score: 0.95 } },
      { id: 'b', items: [wineDress, blackShoes], harmony: { rule: 'neutral', score: 0.8 } },
    ];
    const [first, second] = recommend({ profile, outfits, query: dress(['red']) });
    expect(first).toMatchObject({ outfitId: 'b' });
    expect(first?.reasons).toContain('The red dress you asked for is there: burgundy velvet dress.');
    expect(second?.reasons).toContain('It has no red dress, which you asked for.');
    expect(second?.reasons.join(' ')).not.toContain('The red you asked for');
  });

  it('says of kinds and materials that were asked for whether they are there', () => {
    const linen = { ...cream, name: 'Linen skirt', kinds: ['skirt'], materials: ['linen'] };
    const skirt = { category: 'bottom' as const, kind: 'skirt', colours: [], materials: [] };
    const query: QueryUnderstanding = {
      ...NOTHING,
      garments: ['bottom'],
      pieces: [skirt],
      materials: ['linen'],
    };
    const say = (items: OutfitItem[]): readonly string[] =>
      recommend({ profile, outfits: [{ ...warm, items }], query })[0]?.reasons ?? [];
    expect(say([burgundy, linen])).toEqual(
      expect.arrayContaining([
        'The skirt you asked for is there: linen skirt.',
        'The linen you asked for is there: linen skirt.',
      ]),
    );
    const trousers = { ...query, pieces: [{ ...skirt, kind: 'trousers' }] };
    const [inTrousers] = recommend({
      profile,
      outfits: [{ ...warm, items: [{ ...cream, name: 'Wool trousers', kinds: ['trousers'] }] }],
      query: trousers,
    });
    expect(inTrousers?.reasons).toContain('The trousers you asked for are there: wool trousers.');
    expect(say([burgundy, { ...cream, kinds: ['trousers'], materials: ['wool'] }])).toEqual(
      expect.arrayContaining([
        'It has no skirt, which you asked for.',
        'Nothing in it is of linen, which you asked for.',
      ]),
    );
  });

  it('says with every outfit what of the wish was not understood', () => {
    const query = { ...NOTHING, notUnderstood: ['warm', 'no floral'] };
    for (const { reasons } of recommend({ profile, outfits: [warm, cold], query }))
      expect(reasons.at(-1)).toBe('Not understood of your wish: "warm" and "no floral".');
  });

  it('leaves out what has a refused material, or is a refused piece', () => {
    const boots = { ...blackShoes, kinds: ['boots'], materials: ['leather'] };
    const inBoots: Outfit = { ...cold, id: 'c', items: [navyDress, boots] };
    expect(ids([warm, inBoots], { ...NOTHING, avoidMaterials: ['leather'] })).toEqual(['a']);
    const avoidPieces = [{ category: 'shoes' as const, kind: 'boots', colours: [], materials: [] }];
    expect(ids([warm, inBoots], { ...NOTHING, avoidPieces })).toEqual(['a']);
  });

  it('leaves out refused colours and what is over the budget', () => {
    expect(ids([warm, cold], { ...NOTHING, avoidColours: ['blue'] })).toEqual(['a']);
    expect(ids([warm, cold], { ...NOTHING, budgetCents: 14_500, currency: 'EUR' })).toEqual(['b']);
    expect(ids([warm, cold], { ...NOTHING, budgetCents: 100, currency: 'EUR' })).toEqual([]);
  });

  it('tells what is left of the budget', () => {
    const [only] = recommend({
      profile,
      outfits: [cold],
      query: { ...NOTHING, budgetCents: 20_000, currency: 'EUR' },
    });
    expect(only?.reasons).toContain('At 140.00 EUR it leaves 60.00 EUR of your budget of 200.00 EUR.');
  });

  it('says that it could not compare a budget in another currency', () => {
    const [only] = recommend({
      profile,
      outfits: [cold],
      query: { ...NOTHING, budgetCents: 100, currency: 'USD' },
    });
    expect(only?.reasons).toContain('Prices are in EUR: they were not compared with your budget in USD.');
  });

  it('passes over outfits that are priced in several currencies', () => {
    const mixed: Outfit = { ...cold, items: [navyDress, { ...blackShoes, currency: 'CHF' }] };
    expect(ids([mixed])).toEqual([]);
  });

  it('prefers variety to a slightly better twin', () => {
    const twin: Outfit = { ...warm, id: 'a2', items: [...warm.items, piece('x1', 'Grey scarf')] };
    expect(ids([warm, twin, cold])).toEqual(['a', 'b', 'a2']);
  });

  it('speaks of each rule in its own words, with colours that are there', () => {
    const mustard = piece('m1', 'Mustard top', { hex: '#cb9b21', colour: 'mustard' });
    const say = (rule: Outfit['harmony']['rule'], items: OutfitItem[]): string | undefined =>
      recommend({ profile, outfits: [{ id: 'o', items, harmony: { rule, score: 0.9 } }] })[0]?.reasons[0];
    expect(say('complementary', [navyDress, mustard])).toContain('Navy and mustard are opposites');
    expect(say('analogous', [navyDress, mustard])).toContain('Navy and mustard lie side by side');
    expect(say('split-complementary', [navyDress, mustard])).toContain('almost opposite');
    expect(say('triadic', [navyDress, mustard, burgundy])).toContain('Navy, mustard and burgundy are spread');
    expect(say('monochromatic', [navyDress, { ...navyDress, id: 'd2' }])).toBe(
      'All its colours are shades of one hue: navy.',
    );
    expect(say('monochromatic', [navyDress, { ...navyDress, id: 'd2' }, blackShoes])).toBe(
      'Beside black, its colours are shades of one hue: navy.',
    );
    expect(say('neutral', [cream, blackShoes])).toContain(
      'Quiet tones that go with everything: ivory and black.',
    );
    expect(say('neutral', [navyDress])).toBe(
      'Nothing competes with the navy dress: there is nothing beside.',
    );
  });

  it.each([
    ['silver sandals', '#bcbfc4', '#c8b08a', 'sand'],
    ['grey sweatshirt', '#9a9c9f', '#a3937f', 'taupe'],
    ['grey sweatshirt', '#9a9c9f', '#c3b4a3', 'sand'],
    ['silver sandals', '#bcbfc4', '#dbd6c8', 'light grey'],
    ['ivory cardigan', '#f1e8d6', '#e8e8ea', 'off-white'],
    ['sage shirt', '#a5b39b', '#c8b08a', 'sand'],
    ['sage shirt', '#a5b39b', '#9a9c9f', 'grey'],
  ])('finds no colour of the palette in %s (%s) that is another colour: %s, %s', (name, hex, liked, word) => {
    expect(nearestColour(liked).name).toBe(word);
    const taste = { ...profile, colours: [{ hex: liked, name: word, weight: 1 }] };
    const items = [piece('p', name, { hex, colour: nearestColour(hex).name })];
    const [only] = recommend({ profile: taste, outfits: [{ ...cold, items }] });
    expect(only?.reasons.filter((reason) => reason.includes('of your palette'))).toEqual([]);
  });

  it('finds a colour of the palette in another shade of the same', () => {
    const taste = { ...profile, colours: [{ hex: '#c8b08a', name: 'sand', weight: 1 }] };
    const items = [piece('p', 'Beige trench coat', { hex: '#cdb893', colour: 'sand' })];
    const [only] = recommend({ profile: taste, outfits: [{ ...cold, items }] });
    expect(only?.reasons).toContain('The sand of your palette returns in the beige trench coat.');
  });

  it('notes low contrast and cool colours for whom they suit', () => {
    const summer: StyleProfile = { ...profile, undertone: 'cool', season: 'summer', contrast: 'low' };
    const [only] = recommend({ profile: summer, outfits: [cold] });
    expect(only?.reasons).toContain('Its cool colours suit your summer palette.');
    expect(only?.reasons).toContain('Its tones stay close together, like the soft contrast of your look.');
  });

  it('keeps its contract for any outfits: ranks from 1, falling scores, each outfit once, no refused colour', () => {
    const item = fc.record({
      id: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5', 'p6'),
      name: fc.constantFrom('Shirt', 'Coat', 'Shoes'),
      category: fc.constantFrom('top', 'outerwear', 'shoes'),
      hex: fc.constantFrom('#141414', '#2459b5', '#f07f1f', '#fbfbfb', '#2e8b45'),
      colour: fc.constantFrom('black', 'blue', 'orange'),
      priceCents: fc.integer({ min: 0, max: 30_000 }),
      currency: fc.constant('EUR'),
    }) as fc.Arbitrary<OutfitItem>;
    const harmony = fc.record({
      rule: fc.constantFrom('neutral', 'analogous', 'complementary', 'triadic'),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    }) as fc.Arbitrary<Outfit['harmony']>;
    const outfits = fc.uniqueArray(
      fc.record({ id: fc.uuid(), items: fc.array(item, { minLength: 1, maxLength: 4 }), harmony }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    fc.assert(
      fc.property(outfits, (all) => {
        const query = { ...NOTHING, avoidColours: ['blue'] };
        const recommendations = recommend({ profile, outfits: all, query });
        expect(recommendationList.parse({ recommendations })).toEqual({ recommendations });
        expect(recommendations.map(({ rank }) => rank)).toEqual(recommendations.map((_, index) => index + 1));
        const scores = recommendations.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((one, other) => other - one));
        expect(new Set(recommendations.map(({ outfitId }) => outfitId)).size).toBe(recommendations.length);
        expect(
          recommendations.flatMap(({ items }) => items).filter(({ hex }) => isOfColour(hex, 'blue')),
        ).toEqual([]);
        expect(recommend({ profile, outfits: [...all].reverse(), query })).toEqual(recommendations);
      }),
    );
  });
});
