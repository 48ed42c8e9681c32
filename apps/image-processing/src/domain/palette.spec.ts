import { colourDistance, nearestColour, oklabOfHex } from '@aura/colour';
import fc from 'fast-check';
import { gridOf, type Pixel } from '../testing/grids';
import { colourCloud, totalWeight, type CloudPoint } from './colour-cloud';
import { kMeans } from './k-means';
import { paletteOf } from './palette';
import { seededFractions } from './seeded-fractions';

const channel = fc.integer({ min: 0, max: 255 });
const pixel: fc.Arbitrary<Pixel> = fc.tuple(channel, channel, channel);
const pixels = fc.array(pixel, { minLength: 1, maxLength: 120 });

function cloudOf(all: readonly Pixel[]): readonly CloudPoint[] {
  const grid = gridOf(all.length, 1, (x) => all[x] ?? [0, 0, 0]);
  return colourCloud(grid, new Uint8Array(all.length).fill(1));
}

describe('colourCloud', () => {
  it('weighs every pixel once and none that is masked out', () => {
    fc.assert(fc.property(pixels, (all) => totalWeight(cloudOf(all)) === all.length));
    const grid = gridOf(2, 1, (x) => (x === 0 ? [255, 0, 0] : [0, 0, 255]));
    expect(colourCloud(grid, Uint8Array.of(0, 1)).map(({ lab }) => lab)).toEqual([oklabOfHex('#0000ff')]);
  });

  it('does not depend on the order of the pixels', () => {
    fc.assert(fc.property(pixels, (all) => expect(cloudOf([...all].reverse())).toEqual(cloudOf(all))));
  });
});

describe('kMeans', () => {
  it('loses no weight and leaves no cluster empty', () => {
    fc.assert(
      fc.property(pixels, fc.integer({ min: 1, max: 12 }), (all, count) => {
        const clusters = kMeans(cloudOf(all), count, seededFractions(7));
        expect(clusters.length).toBeLessThanOrEqual(count);
        expect(Math.min(...clusters.map((cluster) => cluster.length))).toBeGreaterThan(0);
        expect(clusters.flat().reduce((sum, { weight }) => sum + weight, 0)).toBe(all.length);
      }),
    );
  });

  it('finds clusters that lie far apart, wherever it starts', () => {
    const far = cloudOf([
      [250, 10, 10],
      [240, 20, 12],
      [10, 10, 240],
      [20, 12, 250],
    ]);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const clusters = kMeans(far, 2, seededFractions(seed));
        expect(clusters.map((cluster) => cluster.length)).toEqual([2, 2]);
      }),
    );
  });

  it('makes nothing of nothing', () => {
    expect(kMeans([], 4, seededFractions(1))).toEqual([]);
  });
});

describe('paletteOf', () => {
  it('has shares that add up to 1, largest first, each colour once, at most eight', () => {
    fc.assert(
      fc.property(pixels, (all) => {
        const palette = paletteOf(cloudOf(all));
        const units = palette.map(({ share }) => Math.round(share * 10_000));
        expect(units.reduce((sum, unit) => sum + unit, 0)).toBe(10_000);
        expect(units).toEqual([...units].sort((one, other) => other - one));
        expect(new Set(palette.map(({ hex }) => hex)).size).toBe(palette.length);
        expect(palette.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('calls each colour what its hex text is called everywhere', () => {
    fc.assert(
      fc.property(pixels, (all) => {
        for (const { hex, name } of paletteOf(cloudOf(all))) expect(name).toBe(nearestColour(hex).name);
      }),
    );
  });

  it('gives plain colours back as they are, with name and share', () => {
    const flag: Pixel[] = [
      ...Array<Pixel>(60).fill([204, 31, 45]),
      ...Array<Pixel>(40).fill([251, 251, 251]),
    ];
    expect(paletteOf(cloudOf(flag))).toEqual([
      { hex: '#cc1f2d', share: 0.6, name: 'red' },
      { hex: '#fbfbfb', share: 0.4, name: 'white' },
    ]);
  });

  it('takes one cloth in light and shadow for one colour', () => {
    const folds = Array.from({ length: 60 }, (_, index): Pixel => [
      30 + (index % 8),
      90 + index / 3,
      50 + (index % 8),
    ]);
    expect(paletteOf(cloudOf(folds))).toHaveLength(1);
  });

  it('leaves specks to their nearest neighbour', () => {
    const specks: Pixel[] = [...Array<Pixel>(200).fill([30, 42, 74]), [240, 240, 60]];
    expect(paletteOf(cloudOf(specks))).toEqual([{ hex: '#1e2a4a', share: 1, name: 'navy' }]);
  });

  it('stays near to the colours that are there', () => {
    fc.assert(
      fc.property(pixels, (all) => {
        const labs = all.map(([red, green, blue]) =>
          oklabOfHex(`#${Buffer.from([red, green, blue]).toString('hex')}`),
        );
        const reach = Math.max(...labs.flatMap((one) => labs.map((other) => colourDistance(one, other))));
        for (const { hex } of paletteOf(cloudOf(all))) {
          const nearest = Math.min(...labs.map((lab) => colourDistance(lab, oklabOfHex(hex))));
          expect(nearest).toBeLessThanOrEqual(reach + 0.02);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is empty for an empty cloud', () => {
    expect(paletteOf([])).toEqual([]);
  });
});
