import type { Outfit, QueryUnderstanding, StyleProfile } from '@aura/contracts';
import { makeRecommendations } from '../actions/make-recommendations';

const profile: StyleProfile = {
  season: 'autumn',
  undertone: 'warm',
  contrast: 'high',
  colours: [{ hex: '#6d1a2d', name: 'burgundy', weight: 1 }],
  styles: [{ name: 'classic', weight: 1 }],
  basedOn: { images: 1, queries: 0 },
};
const blackDress: Outfit = {
  id: 'a',
  items: [
    {
      id: 'd1',
      name: 'Black dress',
      category: 'dress',
      hex: '#141416',
      colour: 'black',
      priceCents: 9_000,
      currency: 'EUR',
    },
  ],
  harmony: { rule: 'neutral', score: 0.8 },
};
const noBlack: QueryUnderstanding = {
  neutral: false,
  occasions: [],
  seasons: [],
  colours: [],
  avoidColours: ['black'],
  garments: [],
  styles: [],
};

function outputOf(input: object): object {
  const parsed = makeRecommendations.input.parse({ profile, ...input });
  return (makeRecommendations.run(parsed, undefined as never) as { readonly output: object }).output;
}

describe('make-recommendations', () => {
  it('hands on why there are no outfits', () => {
    const emptyBecause = 'Nothing fits because of one wish: no black.';
    expect(outputOf({ outfits: [], emptyBecause })).toEqual({ recommendations: [], emptyBecause });
  });

  it('says that there was nothing to choose from where nobody says why', () => {
    expect(outputOf({ outfits: [] })).toEqual({
      recommendations: [],
      emptyBecause: 'There was no outfit to choose from.',
    });
  });

  it('says that no outfit keeps to the query', () => {
    expect(outputOf({ outfits: [blackDress], query: noBlack })).toEqual({
      recommendations: [],
      emptyBecause: 'Of 1 outfit none keeps to what you refuse and to your budget.',
    });
    const outfits = [blackDress, { ...blackDress, id: 'b' }];
    expect(outputOf({ outfits, query: noBlack })).toHaveProperty(
      'emptyBecause',
      'Of 2 outfits none keeps to what you refuse and to your budget.',
    );
  });

  it('says nothing of the kind where something is recommended', () => {
    expect(outputOf({ outfits: [blackDress], emptyBecause: 'old news' })).not.toHaveProperty('emptyBecause');
  });
});
