import { garmentCategory, season } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
import { GARMENTS, MATERIALS } from '@aura/garment';
import { CATALOGUE, readCatalogue } from './catalogue';

describe('the catalogue', () => {
  it('has some sixty pieces with ids of their own, in every category and season', () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    expect(new Set(CATALOGUE.map(({ category }) => category))).toEqual(new Set(garmentCategory.options));
    for (const one of season.options) {
      expect(CATALOGUE.filter(({ seasons }) => seasons.includes(one)).length).toBeGreaterThan(10);
    }
  });

  it('names no piece by a colour that it does not have', () => {
    const claimed =
      /^(navy|black|white|burgundy|emerald|olive|mustard|camel|lavender|coral|terracotta|sage|rust|teal)\b/i;
    for (const { name, hex } of CATALOGUE) {
      const word = claimed.exec(name)?.[1]?.toLowerCase();
      if (word !== undefined) expect([name, isOfColour(hex, word)]).toEqual([name, true]);
    }
  });

  it('names no piece by a kind or a material that it is not of', () => {
    const endsWith = (phrase: string): RegExp => new RegExp(`\\b${phrase}s?$`, 'i');
    const speaksOf = (phrase: string): RegExp => new RegExp(`\\b${phrase}\\b`, 'i');
    for (const { name, category, kinds, materials } of CATALOGUE) {
      for (const [kind, phrases] of Object.entries(GARMENTS[category].kinds))
        if (phrases.some((phrase) => endsWith(phrase).test(name)))
          expect([name, kinds]).toEqual([name, expect.arrayContaining([kind])]);
      for (const [material, phrases] of Object.entries(MATERIALS))
        if (phrases.some((phrase) => speaksOf(phrase).test(name)))
          expect([name, materials]).toEqual([name, expect.arrayContaining([material])]);
    }
  });

  it.each([
    ['a colour that is none', 'x-1 | Cap | accessory | hat | wool | red | 10 | sp | sport | casual', 'hex'],
    [
      'a kind of another category',
      'x-1 | Cap | accessory | boots | wool | #ff0000 | 10 | sp | sport | casual',
      'kind',
    ],
    [
      'a material that nobody knows',
      'x-1 | Cap | accessory | hat | mithril | #ff0000 | 10 | sp | sport | casual',
      'materials',
    ],
    ['too little', 'x-1 | Cap', 'category'],
  ])('refuses a line with %s by showing it', (_what, line, place) => {
    expect(() => readCatalogue(line)).toThrow(`catalogue line "${line}"`);
    expect(() => readCatalogue(line)).toThrow(place);
  });
});
