import { garmentCategory, season } from '@aura/contracts';
import { isOfColour } from '@aura/colour';
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

  it('refuses a wrong line by showing it', () => {
    expect(() => readCatalogue('x-1 | Cap | hat | red | 10 | sp | sport | casual')).toThrow(
      'x-1 | Cap | hat',
    );
    expect(() => readCatalogue('x-1 | Cap')).toThrow('catalogue line "x-1 | Cap"');
  });
});
