import type { PieceWish, QueryUnderstanding } from '@aura/contracts';
import { CATALOGUE } from '../catalogue/catalogue';
import { combineOutfits } from '../actions/combine-outfits';
import { whyEmpty } from './why-empty';

const NOTHING: QueryUnderstanding = {
  neutral: false,
  occasions: [],
  seasons: [],
  colours: [],
  avoidColours: [],
  garments: [],
  styles: [],
};
const piece = (category: PieceWish['category']): PieceWish => ({ category, colours: [], materials: [] });
const why = (query: Partial<QueryUnderstanding>): string => whyEmpty(CATALOGUE, { ...NOTHING, ...query });

describe('whyEmpty', () => {
  it('names the one wish that leaves nothing', () => {
    expect(why({ budgetCents: 2_000 })).toMatch(
      /^Nothing fits because of one wish: at most 20\.00 EUR for the whole outfit \(\d+\.\d\d EUR is the least\)\.$/,
    );
    expect(why({ avoidPieces: [piece('shoes')], garments: ['shoes'] })).toBe(
      'Nothing fits all of these wishes, and without any one of them something would: a look with shoes, no shoes.',
    );
  });

  it('names the wishes of which any one less would do, and what is the least that the others cost', () => {
    expect(why({ garments: ['dress'], budgetCents: 11_000, avoidColours: ['hot pink'] })).toBe(
      'Nothing fits all of these wishes, and without any one of them something would: ' +
        'a look with dress, at most 110.00 EUR for the whole outfit (114.90 EUR is the least).',
    );
  });

  it('names all wishes where more than one is too much', () => {
    expect(
      why({
        seasons: ['winter'],
        occasions: ['sport', 'date-night'],
        formality: 'formal',
        avoidColours: ['black'],
        avoidMaterials: ['leather'],
        avoidPieces: [piece('dress'), piece('top')],
        budgetCents: 3_000,
      }),
    ).toBe(
      'Nothing fits all of these wishes: the season winter, the occasion sport or date night, the formality formal, ' +
        'no black, no leather, no dress, no top, at most 30.00 EUR for the whole outfit.',
    );
  });

  it('says of a catalogue without outfits that nothing in it goes together', () => {
    expect(whyEmpty([], undefined)).toBe('Nothing in the catalogue goes together.');
    expect(whyEmpty(CATALOGUE.slice(0, 3), NOTHING)).toBe('Nothing in the catalogue goes together.');
  });
});

describe('combine-outfits', () => {
  const profile = {
    season: 'summer' as const,
    undertone: 'cool' as const,
    contrast: 'medium' as const,
    colours: [{ hex: '#2e8b45', name: 'green', weight: 1 }],
    styles: [{ name: 'natural', weight: 1 }],
    basedOn: { images: 1, queries: 0 },
  };
  const outputOf = (query: QueryUnderstanding) =>
    combineOutfits.run({ profile, query }, undefined as never) as { readonly output: object };

  it('says why it has no outfits, and only then', () => {
    expect(outputOf({ ...NOTHING, budgetCents: 2_000 }).output).toEqual({
      outfits: [],
      emptyBecause: whyEmpty(CATALOGUE, { ...NOTHING, budgetCents: 2_000 }),
    });
    expect(outputOf(NOTHING).output).not.toHaveProperty('emptyBecause');
  });
});
