import { hexOfOklab, oklabOfHex, oklchOf } from '@aura/colour';
import fc from 'fast-check';
import { harmonyOf as harmonyOfLabs, type Harmony } from './harmony';

function harmonyOf(hexes: readonly string[]): Harmony | undefined {
  return harmonyOfLabs(hexes.map(oklabOfHex));
}

/** A colour of medium lightness and chroma at a hue, degrees. */
function at(hue: number, l = 0.6, c = 0.1): string {
  const angle = (hue * Math.PI) / 180;
  return hexOfOklab({ l, a: c * Math.cos(angle), b: c * Math.sin(angle) });
}

const hue = fc.integer({ min: 0, max: 359 });

describe('harmonyOf', () => {
  it.each([
    ['black, white and grey', ['#141414', '#fbfbfb', '#808285'], 'neutral'],
    ['one colour beside neutrals', ['#2e8b45', '#fbfbfb', '#141414'], 'neutral'],
    ['two blues', ['#1e2a4a', '#a9cbe8', '#fbfbfb'], 'monochromatic'],
    ['blue and mustard', ['#2459b5', '#cb9b21'], 'complementary'],
  ])('calls %s by its rule', (_what, hexes, rule) => {
    expect(harmonyOf(hexes)?.rule).toBe(rule);
  });

  it.each([
    [[0, 40], 'analogous'],
    [[0, 35, 70], 'analogous'],
    [[0, 180], 'complementary'],
    [[0, 150], 'split-complementary'],
    [[0, 150, 210], 'split-complementary'],
    [[0, 120, 240], 'triadic'],
  ])('hears hues %p apart as %s, wherever the circle is turned', (hues, rule) => {
    fc.assert(
      fc.property(hue, (turn) => {
        expect(harmonyOf(hues.map((angle) => at(angle + turn)))?.rule).toBe(rule);
      }),
    );
  });

  it('finds no rule for two hues at odds, and for four', () => {
    expect(harmonyOf([at(0), at(80)])).toBeUndefined();
    expect(harmonyOf([at(0), at(90), at(180), at(270)])).toBeUndefined();
  });

  it('scores an exact distance above a missed one', () => {
    const exact = harmonyOf([at(20), at(200)])?.score ?? 0;
    const missed = harmonyOf([at(20), at(220)])?.score ?? 0;
    expect(exact).toBeGreaterThan(missed);
  });

  it('scores light on dark above all at one lightness', () => {
    const flat = harmonyOf([at(20), at(200)])?.score ?? 0;
    const spread = harmonyOf([at(20, 0.35), at(200, 0.85, 0.06)])?.score ?? 0;
    expect(spread).toBeGreaterThan(flat);
  });

  it('does not depend on the order of the pieces, and stays between 0 and 1', () => {
    const hex = fc.tuple(hue, fc.integer({ min: 25, max: 90 })).map(([h, l]) => at(h, l / 100, 0.08));
    fc.assert(
      fc.property(fc.array(hex, { minLength: 1, maxLength: 3 }), (hexes) => {
        const score = harmonyOf(hexes)?.score ?? 0;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
    expect(harmonyOf(['#1e2a4a', '#cb9b21', '#fbfbfb'])).toEqual(
      harmonyOf(['#fbfbfb', '#cb9b21', '#1e2a4a']),
    );
  });

  it('uses hues that sRGB can show in these specs', () => {
    expect(oklchOf(oklabOfHex(at(100))).h).toBeCloseTo(100, -1);
  });
});
