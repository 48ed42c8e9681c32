import { isOfColour, NAMED_COLOURS, nearestColour } from './names';
import { colourDistance, oklabOfHex } from './oklab';

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
    expect(nearestColour(oklabOfHex(hex)).name).toBe(name);
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
    expect(nearestColour(oklabOfHex(hex)).family).toBe(family);
  });

  it('lets a family word take in its shades, and a shade only its neighbours', () => {
    expect(isOfColour('#1e2a4a', 'blue')).toBe(true);
    expect(isOfColour('#1e2a4a', 'navy')).toBe(true);
    expect(isOfColour('#a9cbe8', 'navy')).toBe(false);
    expect(isOfColour('#20304f', 'navy')).toBe(true);
    expect(isOfColour('#1e2a4a', 'black')).toBe(false);
  });

  it('fits nothing to a word that is no colour', () => {
    expect(isOfColour('#1e2a4a', 'elegant')).toBe(false);
  });
});
