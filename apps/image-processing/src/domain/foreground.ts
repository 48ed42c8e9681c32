import { colourDistance, oklabOfRgb, type Oklab } from '@aura/colour';
import type { PixelGrid } from './colour-cloud';

/** Pixels less opaque than this are not part of the picture. */
const OPAQUE = 128;

/** Border pixels within this distance of the border's median colour look like one backdrop. */
const BACKDROP_NEAR = 0.1;

/** The part of the border that must look like one backdrop before anything is taken for background. */
const BACKDROP_SHARE = 0.7;

/** When less than this part of the picture is left, the backdrop was the motif: everything counts. */
const LEAST_LEFT = 0.08;

/**
 * Which pixels show the motif: 1 for those that count, 0 for the others; all zeros when the whole picture is transparent.
 *
 * Transparent pixels never count. If most of the picture's edge has one colour (a wall, a studio backdrop), pixels of
 * about that colour which hang together with the edge are background. Anything else (a street, a garden) is left in:
 * telling motif from background by meaning takes a trained model, which this service does not have.
 */
export function foregroundMask(picture: PixelGrid): Uint8Array {
  const opaque = Uint8Array.from({ length: picture.width * picture.height }, (_, pixel) =>
    (picture.rgba[pixel * 4 + 3] ?? 0) >= OPAQUE ? 1 : 0,
  );
  const colours = [...opaque.keys()].map((pixel) => colourAt(picture, pixel));
  const edge = edgePixels(picture).filter((pixel) => opaque[pixel] === 1);
  const backdrop = backdropColour(edge.map((pixel) => colourOf(colours, pixel)));
  if (backdrop === undefined) return opaque;
  const near = colours.map((lab) => colourDistance(lab, backdrop) < BACKDROP_NEAR);
  const mask = withoutBackdrop(picture, opaque, edge, near);
  return countOf(mask) < LEAST_LEFT * countOf(opaque) ? opaque : mask;
}

function colourAt({ rgba }: PixelGrid, pixel: number): Oklab {
  return oklabOfRgb(rgba[pixel * 4] ?? 0, rgba[pixel * 4 + 1] ?? 0, rgba[pixel * 4 + 2] ?? 0);
}

function colourOf(colours: readonly Oklab[], pixel: number): Oklab {
  return colours[pixel] ?? { l: 0, a: 0, b: 0 };
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + value, 0);
}

function edgePixels({ width, height }: PixelGrid): readonly number[] {
  const columns = Array.from({ length: width }, (_, x) => x);
  const rows = Array.from({ length: height }, (_, y) => y * width);
  const all = [
    ...columns,
    ...columns.map((x) => (height - 1) * width + x),
    ...rows,
    ...rows.map((y) => y + width - 1),
  ];
  return [...new Set(all)];
}

/** The colour of the backdrop, or undefined when the edge has no single one. */
function backdropColour(edge: readonly Oklab[]): Oklab | undefined {
  if (edge.length === 0) return undefined;
  const middle = {
    l: median(edge.map(({ l }) => l)),
    a: median(edge.map(({ a }) => a)),
    b: median(edge.map(({ b }) => b)),
  };
  const alike = edge.filter((lab) => colourDistance(lab, middle) < BACKDROP_NEAR).length;
  return alike >= BACKDROP_SHARE * edge.length ? middle : undefined;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** The opaque pixels without those that can be reached from the edge over backdrop-like pixels. */
function withoutBackdrop(
  { width, height }: PixelGrid,
  opaque: Uint8Array,
  edge: readonly number[],
  near: readonly boolean[],
): Uint8Array {
  const mask = Uint8Array.from(opaque);
  const open = edge.filter((pixel) => near[pixel] === true);
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    if (mask[pixel] === 0) continue;
    mask[pixel] = 0;
    open.push(...neighbours(pixel, width, height).filter((next) => near[next] === true && mask[next] === 1));
  }
  return mask;
}

function neighbours(pixel: number, width: number, height: number): readonly number[] {
  const x = pixel % width;
  return [
    ...(x > 0 ? [pixel - 1] : []),
    ...(x < width - 1 ? [pixel + 1] : []),
    ...(pixel >= width ? [pixel - width] : []),
    ...(pixel < width * (height - 1) ? [pixel + width] : []),
  ];
}
