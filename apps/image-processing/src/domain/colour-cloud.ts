import { oklabOfRgb, type Oklab } from '@aura/colour';

/** One point of a cloud: a colour and how many pixels have it. */
export interface CloudPoint {
  readonly lab: Oklab;
  readonly weight: number;
}

/** Small pixels of a picture: RGBA, eight bits a channel, row by row. */
export interface PixelGrid {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Sums of the pixels that fall into one cell of the colour cube. */
type Cell = [red: number, green: number, blue: number, count: number];

/**
 * The colours of a picture as a cloud of weighted points: pixels are gathered in cells of 32 steps a channel, and
 * each cell gives one point at the mean of its pixels. `mask` tells which pixels count (not 0).
 * Points stand in the order of their cells, so that the same pixels give the same cloud.
 */
export function colourCloud({ rgba }: PixelGrid, mask: Uint8Array): readonly CloudPoint[] {
  const cells = new Map<number, Cell>();
  mask.forEach((counts, pixel) => {
    if (counts !== 0) gather(cells, rgba, pixel * 4);
  });
  return [...cells]
    .sort(([one], [other]) => one - other)
    .map(([, [red, green, blue, count]]) => ({
      lab: oklabOfRgb(red / count, green / count, blue / count),
      weight: count,
    }));
}

function gather(cells: Map<number, Cell>, rgba: Uint8Array, offset: number): void {
  const [red, green, blue] = [rgba[offset] ?? 0, rgba[offset + 1] ?? 0, rgba[offset + 2] ?? 0];
  const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
  const cell = cells.get(key) ?? [0, 0, 0, 0];
  cells.set(key, [cell[0] + red, cell[1] + green, cell[2] + blue, cell[3] + 1]);
}

/** Sum of the weights of a cloud. */
export function totalWeight(cloud: readonly CloudPoint[]): number {
  return cloud.reduce((sum, { weight }) => sum + weight, 0);
}

/** The weighted mean of a cloud that is not empty. */
export function meanColour(cloud: readonly CloudPoint[]): Oklab {
  const sum = cloud.reduce(
    ({ l, a, b }, { lab, weight }) => ({
      l: l + lab.l * weight,
      a: a + lab.a * weight,
      b: b + lab.b * weight,
    }),
    { l: 0, a: 0, b: 0 },
  );
  const total = totalWeight(cloud);
  return { l: sum.l / total, a: sum.a / total, b: sum.b / total };
}
