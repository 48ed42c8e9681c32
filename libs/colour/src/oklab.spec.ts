import fc from 'fast-check';
import { colourDistance, hexOfOklab, hueDistance, isNeutral, oklabOfHex, oklabOfRgb, oklchOf } from './oklab';

const channel = fc.integer({ min: 0, max: 255 });
const hex = fc
  .tuple(channel, channel, channel)
  .map((rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`);

describe('OKLab', () => {
  it('places the reference colours of its author', () => {
    const red = oklabOfHex('#ff0000');
    expect(red.l).toBeCloseTo(0.628, 3);
    expect(red.a).toBeCloseTo(0.2249, 3);
    expect(red.b).toBeCloseTo(0.1258, 3);
    expect(oklchOf(oklabOfHex('#0000ff')).h).toBeCloseTo(264.05, 1);
  });

  it('gives every sRGB colour back unchanged', () => {
    fc.assert(fc.property(hex, (text) => hexOfOklab(oklabOfHex(text)) === text));
  });

  it('reads pixels and hex texts alike', () => {
    expect(oklabOfRgb(31, 42, 68)).toEqual(oklabOfHex('#1f2a44'));
  });

  it('brings a colour that sRGB cannot show to one that it can', () => {
    expect(hexOfOklab({ l: 0.6, a: 0.4, b: 0.1 })).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('refuses a text that is no colour', () => {
    expect(() => oklabOfHex('navyish')).toThrow('"navyish" is not a colour');
  });

  it('measures distances that are symmetric, zero to itself and one from black to white', () => {
    fc.assert(
      fc.property(hex, hex, (one, other) => {
        const there = colourDistance(oklabOfHex(one), oklabOfHex(other));
        expect(there).toBe(colourDistance(oklabOfHex(other), oklabOfHex(one)));
        expect(colourDistance(oklabOfHex(one), oklabOfHex(one))).toBe(0);
      }),
    );
    expect(colourDistance(oklabOfHex('#000000'), oklabOfHex('#ffffff'))).toBeCloseTo(1, 4);
  });
});

describe('hues', () => {
  it('are never more than half a circle apart', () => {
    const degrees = fc.double({ min: 0, max: 360, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (one, other) => {
        const distance = hueDistance(one, other);
        return distance >= 0 && distance <= 180;
      }),
    );
    expect(hueDistance(350, 10)).toBe(20);
    expect(hueDistance(10, 200)).toBe(170);
  });

  it('are zero for greys', () => {
    expect(oklchOf({ l: 0.5, a: 0, b: 0 })).toEqual({ l: 0.5, c: 0, h: 0 });
  });

  it('do not count in greys, off-whites and near blacks', () => {
    expect(['#808285', '#f6f1e1', '#0a0a14'].map((text) => isNeutral(oklabOfHex(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['#cc1f2d', '#1e2a4a', '#2e8b45'].map((text) => isNeutral(oklabOfHex(text)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
