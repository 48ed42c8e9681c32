import { eventSamples } from '../testing/event-samples';
import { currencyCode, cents } from './garment';
import { fraction, hexColour, plainWord } from './colour';
import { fashionAnalysis } from './fashion-analysis';
import { imageAnalysis } from './image-analysis';
import { outfitSelection } from './outfits';
import { queryUnderstanding } from './query-understanding';
import { recommendationList } from './recommendations';
import { styleProfile } from './style-profile';

const outputOf = (type: string) => (eventSamples[type] as { readonly output: object }).output;
const image = outputOf('ai.aura.image.analysed.v1');
const query = outputOf('ai.aura.query.understood.v1');
const profile = outputOf('ai.aura.style.profiled.v1');

describe('words of fashion', () => {
  it.each(['#000000', '#a1b2c3'])('%s is a colour', (hex) =>
    expect(hexColour.safeParse(hex).success).toBe(true),
  );
  it.each(['#FFFFFF', '#fff', 'ffffff', '#ggg000', '#ffffff\n'])('%j is none', (hex) =>
    expect(hexColour.safeParse(hex).success).toBe(false),
  );
  it.each([0, 0.5, 1])('%d is a share', (share) => expect(fraction.safeParse(share).success).toBe(true));
  it.each([-0.01, 1.01, Number.NaN, '1'])('%p is none', (share) =>
    expect(fraction.safeParse(share).success).toBe(false),
  );
  it.each(['navy', 'smart casual', 'date-night'])('%s is a word', (word) =>
    expect(plainWord.safeParse(word).success).toBe(true),
  );
  it.each(['', 'Navy', ' navy', 'a'.repeat(41)])('%j is none', (word) =>
    expect(plainWord.safeParse(word).success).toBe(false),
  );
  it('money is whole cents of a currency', () => {
    expect(
      [cents.safeParse(-1), cents.safeParse(1.5), currencyCode.safeParse('eur')].some(
        ({ success }) => success,
      ),
    ).toBe(false);
    expect(cents.safeParse(0).success && currencyCode.safeParse('EUR').success).toBe(true);
  });
});

describe('outputs of the fashion actions', () => {
  it('a picture has pixels, a format that Aura decodes, and at least one colour', () => {
    expect(imageAnalysis.parse(image)).toEqual(image);
    for (const wrong of [
      { width: 0 },
      { format: 'gif' },
      { palette: [] },
      { warmth: 2 },
      { dominant: '#ABCDEF' },
    ]) {
      expect(imageAnalysis.safeParse({ ...image, ...wrong }).success).toBe(false);
    }
  });

  it('a query that says nothing is neutral and has empty lists', () => {
    const neutral = {
      neutral: true,
      occasions: [],
      seasons: [],
      colours: [],
      avoidColours: [],
      garments: [],
      styles: [],
    };
    expect(queryUnderstanding.parse(neutral)).toEqual(neutral);
    expect(queryUnderstanding.parse(query)).toEqual(query);
    for (const wrong of [
      { seasons: ['monsoon'] },
      { garments: ['hat stand'] },
      { budgetCents: -1 },
      { formality: 'white tie' },
    ]) {
      expect(queryUnderstanding.safeParse({ ...neutral, ...wrong }).success).toBe(false);
    }
  });

  it('a query may speak of single pieces, of materials, and of what was not understood', () => {
    const more = {
      pieces: [{ category: 'dress', colours: ['red'], materials: [] }],
      avoidPieces: [{ category: 'bottom', kind: 'trousers', colours: [], materials: [] }],
      materials: ['linen'],
      avoidMaterials: ['leather'],
      notUnderstood: ['Ökotex'],
    };
    expect(queryUnderstanding.parse({ ...query, ...more })).toEqual({ ...query, ...more });
    for (const wrong of [
      { pieces: [{ category: 'kimono', colours: [], materials: [] }] },
      { avoidPieces: [{ category: 'bottom', kind: 'Trousers', colours: [], materials: [] }] },
      { avoidMaterials: ['Leather'] },
      { notUnderstood: [''] },
    ]) {
      expect(queryUnderstanding.safeParse({ ...query, ...wrong }).success).toBe(false);
    }
  });

  it('a profile has colours and styles, and says what it stands on; the person may be unknown', () => {
    const stranger = Object.fromEntries(Object.entries(profile).filter(([name]) => name !== 'userId'));
    expect(styleProfile.parse(stranger)).toEqual(stranger);
    for (const wrong of [
      { colours: [] },
      { styles: [] },
      { undertone: 'green' },
      { basedOn: { images: -1, queries: 0 } },
    ]) {
      expect(styleProfile.safeParse({ ...profile, ...wrong }).success).toBe(false);
    }
  });

  it('nothing that fits is an empty list', () => {
    expect(outfitSelection.parse({ outfits: [] })).toEqual({ outfits: [] });
    expect(recommendationList.parse({ recommendations: [] })).toEqual({ recommendations: [] });
    const emptyBecause = 'No outfit fits, because of one wish: at most 1.00 EUR.';
    expect(outfitSelection.parse({ outfits: [], emptyBecause }).emptyBecause).toBe(emptyBecause);
    expect(recommendationList.parse({ recommendations: [], emptyBecause }).emptyBecause).toBe(emptyBecause);
    expect(outfitSelection.safeParse({ outfits: [], emptyBecause: '' }).success).toBe(false);
  });

  it('an outfit has pieces, a recommendation has a reason', () => {
    const { outfits } = outputOf('ai.aura.outfits.combined.v1') as { readonly outfits: readonly object[] };
    const { recommendations } = outputOf('ai.aura.recommendations.made.v1') as {
      readonly recommendations: readonly object[];
    };
    expect(outfitSelection.safeParse({ outfits: [{ ...outfits[0], items: [] }] }).success).toBe(false);
    expect(
      recommendationList.safeParse({ recommendations: [{ ...recommendations[0], reasons: [] }] }).success,
    ).toBe(false);
    expect(
      recommendationList.safeParse({ recommendations: [{ ...recommendations[0], rank: 0 }] }).success,
    ).toBe(false);
  });

  it('the whole analysis is made of the outputs of its steps', () => {
    const palette = imageAnalysis.parse(image).palette;
    const whole = { palette, profile, outfits: [], recommendations: [] };
    expect(fashionAnalysis.parse(whole)).toEqual(whole);
    expect(fashionAnalysis.safeParse({ ...whole, profile: undefined }).success).toBe(false);
  });
});
