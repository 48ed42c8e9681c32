import fc from 'fast-check';
import { isOfColour, NAMED_COLOURS, nearestColour } from './names';
import { colourDistance, isNeutral, oklabOfHex } from './oklab';

describe('colour names', () => {
  it('are unique, in words that events may carry', () => {
    const names = NAMED_COLOURS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9 -]{0,39}$/);
  });

  it('stand far enough apart to be told from each other', () => {
    const places = NAMED_COLOURS.map(({ hex }) => oklabOfHex(hex));
    const gaps = places.flatMap((one, i) => places.slice(i + 1).map((other) => colourDistance(one, other)));
    expect(Math.min(...gaps)).toBeGreaterThan(0.02);
  });

  it.each(NAMED_COLOURS)('calls $hex $name', ({ hex, name }) => {
    expect(nearestColour(hex).name).toBe(name);
  });

  it.each([
    ['#000000', 'black'],
    ['#ffffff', 'white'],
    ['#ff0000', 'red'],
    ['#0b2a6b', 'blue'],
    ['#1b6b3a', 'green'],
    ['#5b3a1e', 'brown'],
    ['#ffb6c1', 'pink'],
  ])('sorts %s into the family %s', (hex, family) => {
    expect(nearestColour(hex).family).toBe(family);
  });

  it('are of greys, whites and black exactly where a colour goes with every other', () => {
    for (const { hex, family } of NAMED_COLOURS)
      expect([hex, isNeutral(oklabOfHex(hex))]).toEqual([hex, ['black', 'grey', 'white'].includes(family)]);
  });

  it.each([
    ['#748ba9', 'blue'],
    ['#758baa', 'blue'],
    ['#90a8c0', 'blue'],
    ['#8878a8', 'purple'],
    ['#609888', 'green'],
    ['#a08f78', 'beige'],
    ['#c3b4a3', 'beige'],
    ['#85878b', 'grey'],
    ['#101013', 'black'],
  ])('sees that %s is %s and no grey of the same lightness', (hex, family) => {
    expect(nearestColour(hex).family).toBe(family);
  });

  it('never calls a colour that is visibly coloured grey or white', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...rgb) => {
        const hex = `#${Buffer.from(rgb).toString('hex')}`;
        fc.pre(!isNeutral(oklabOfHex(hex)));
        expect(['black', 'grey', 'white']).not.toContain(nearestColour(hex).family);
      }),
    );
  });

  it('lets a family word take in its shades, and a shade only its neighbours', () => {
    expect(isOfColour('#1e2a4a', 'blue')).toBe(true);
    expect(isOfColour('#1e2a4a', 'navy')).toBe(true);
    expect(isOfColour('#a9cbe8', 'navy')).toBe(false);
    expect(isOfColour('#20304f', 'navy')).toBe(true);
    expect(isOfColour('#1e2a4a', 'black')).toBe(false);
  });

  it('keeps greys and colours apart however near they stand', () => {
    expect(isOfColour('#d6d6d4', 'beige')).toBe(false);
    expect(isOfColour('#bcbfc4', 'sand')).toBe(false);
    expect(isOfColour('#a3b199', 'silver')).toBe(false);
  });

  it('fits nothing to a word that is no colour', () => {
    expect(isOfColour('#1e2a4a', 'elegant')).toBe(false);
  });
});
