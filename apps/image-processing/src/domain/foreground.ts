import { colourDistance, oklabOfRgb, type Oklab } from '@aura/colour';
import type { PixelGrid } from './colour-cloud';

/** Pixels less opaque than this are not part of the picture. */
const OPAQUE = 128;

/** A backdrop in more or less light keeps its tint: its `a` and `b` stay within this distance. */
const SAME_TINT = 0.04;

/** How much lighter or darker than its middle a backdrop may get. */
const SAME_LIGHT = 0.3;

/** Light on a backdrop changes slowly: from pixel to pixel by less than this. A step beyond it is an outline. */
const OUTLINE = 0.04;

/** The part of the border that must look like one backdrop before anything is taken for background. */
const BACKDROP_SHARE = 0.7;

/** When less than this part of the picture is left, the backdrop was the motif: everything counts. */
const LEAST_LEFT = 0.08;

/**
 * Which pixels show the motif: 1 for those that count, 0 for the others; all zeros when the whole picture is transparent.
 *
 * Transparent pixels never count. If most of the picture's edge has one tint (a wall, a studio backdrop), the pixels of
 * that tint which can be reached from the edge without crossing an outline are background, shaded corners and soft
 * shadows included. Anything else (a street, a garden) is left in: telling motif from background by meaning takes a
 * trained model, which this service does not have.
 */
export function foregroundMask(picture: PixelGrid): Uint8Array {
  const size = picture.width * picture.height;
  const opaque = Uint8Array.from({ length: size }, (_, pixel) =>
    opacityAt(picture, pixel) >= OPAQUE ? 1 : 0,
  );
  const colours = Array.from({ length: size }, (_, pixel) => colourAt(picture, pixel));
  const edge = edgePixels(picture).filter((pixel) => opaque[pixel] === 1);
  const backdrop = backdropColour(edge.flatMap((pixel) => colours[pixel] ?? []));
  if (backdrop === undefined) return opaque;
  const alike = colours.map((lab) => isShadeOf(lab, backdrop));
  const mask = withoutBackdrop({ picture, opaque, colours, alike }, edge);
  return countOf(mask) < LEAST_LEFT * countOf(opaque) ? opaque : mask;
}

function opacityAt({ rgba }: PixelGrid, pixel: number): number {
  return rgba[pixel * 4 + 3] ?? 0;
}

function colourAt({ rgba }: PixelGrid, pixel: number): Oklab {
  return oklabOfRgb(rgba[pixel * 4] ?? 0, rgba[pixel * 4 + 1] ?? 0, rgba[pixel * 4 + 2] ?? 0);
}

function isShadeOf(lab: Oklab, backdrop: Oklab): boolean {
  return (
    Math.abs(lab.l - backdrop.l) < SAME_LIGHT &&
    Math.hypot(lab.a - backdrop.a, lab.b - backdrop.b) < SAME_TINT
  );
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + value, 0);
}

function edgePixels({ width, height }: PixelGrid): readonly number[] {
  const columns = Array.from({ length: width }, (_, x) => x);
  const rows = Array.from({ length: height }, (_, y) => y * width);
  const lower = columns.map((x) => (height - 1) * width + x);
  const right = rows.map((y) => y + width - 1);
  return [...new Set([...columns, ...lower, ...rows, ...right])];
}

/** The colour of the backdrop, or undefined when the edge has no single tint. */
function backdropColour(edge: readonly Oklab[]): Oklab | undefined {
  if (edge.length === 0) return undefined;
  const middle = {
    l: median(edge.map(({ l }) => l)),
    a: median(edge.map(({ a }) => a)),
    b: median(edge.map(({ b }) => b)),
  };
  const alike = edge.filter((lab) => isShadeOf(lab, middle)).length;
  return alike >= BACKDROP_SHARE * edge.length ? middle : undefined;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

interface Ground {
  readonly picture: PixelGrid;
  readonly opaque: Uint8Array;
  readonly colours: readonly Oklab[];
  /** Whether each pixel has the tint of the backdrop. */
  readonly alike: readonly boolean[];
}

/** The opaque pixels without those that can be reached from the edge over the backdrop. */
function withoutBackdrop(ground: Ground, edge: readonly number[]): Uint8Array {
  const mask = Uint8Array.from(ground.opaque);
  const open = edge.filter((pixel) => ground.alike[pixel] === true);
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    if (mask[pixel] === 0) continue;
    mask[pixel] = 0;
    const from = pixel;
    open.push(
      ...neighbours(from, ground.picture).filter((next) => mask[next] === 1 && goesOn(ground, from, next)),
    );
  }
  return mask;
}

/** Whether the backdrop goes on from one pixel to the next. */
function goesOn({ colours, alike }: Ground, from: number, next: number): boolean {
  const [here, there] = [colours[from], colours[next]];
  if (alike[next] !== true || here === undefined || there === undefined) return false;
  return colourDistance(here, there) < OUTLINE;
}

function neighbours(pixel: number, { width, height }: PixelGrid): readonly number[] {
  const x = pixel % width;
  return [
    ...(x > 0 ? [pixel - 1] : []),
    ...(x < width - 1 ? [pixel + 1] : []),
    ...(pixel >= width ? [pixel - width] : []),
    ...(pixel < width * (height - 1) ? [pixel + width] : []),
  ];
}
