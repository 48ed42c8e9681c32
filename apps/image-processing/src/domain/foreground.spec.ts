import { gridOf, type Pixel } from '../testing/grids';
import { foregroundMask } from './foreground';

const WALL: Pixel = [222, 214, 200];
const SHIRT: Pixel = [30, 42, 74];
const GARDEN: readonly Pixel[] = [
  [200, 40, 40],
  [40, 160, 60],
  [40, 60, 200],
];
const SIZE = 40;

function inside(x: number, y: number): boolean {
  return x >= 10 && x < 30 && y >= 10 && y < 30;
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + value, 0);
}

describe('foregroundMask', () => {
  it('leaves out a plain backdrop', () => {
    const mask = foregroundMask(gridOf(SIZE, SIZE, (x, y) => (inside(x, y) ? SHIRT : WALL)));
    expect(countOf(mask)).toBe(400);
    expect(mask[15 * SIZE + 15]).toBe(1);
    expect(mask[0]).toBe(0);
  });

  it('follows a backdrop into its shaded corner', () => {
    const shaded = (x: number, y: number): Pixel => {
      const light = 1 - (x + y) / 260;
      return [WALL[0] * light, WALL[1] * light, WALL[2] * light];
    };
    const mask = foregroundMask(gridOf(SIZE, SIZE, (x, y) => (inside(x, y) ? SHIRT : shaded(x, y))));
    expect(countOf(mask)).toBe(400);
  });

  it('keeps parts of the motif that have the colour of the backdrop and do not touch it', () => {
    const mask = foregroundMask(
      gridOf(SIZE, SIZE, (x, y) => (!inside(x, y) || (x > 17 && x < 22 && y > 17 && y < 22) ? WALL : SHIRT)),
    );
    expect(countOf(mask)).toBe(400);
  });

  it('keeps everything when the edge has no single tint', () => {
    const garden = gridOf(SIZE, SIZE, (x) => GARDEN[x % 3] ?? WALL);
    expect(countOf(foregroundMask(garden))).toBe(SIZE * SIZE);
  });

  it('keeps everything when hardly anything would be left: the cloth fills the picture', () => {
    expect(countOf(foregroundMask(gridOf(SIZE, SIZE, () => SHIRT)))).toBe(SIZE * SIZE);
  });

  it('leaves out what is transparent, down to nothing', () => {
    const cutOut = gridOf(SIZE, SIZE, (x, y) => (inside(x, y) ? SHIRT : [0, 0, 0, 0]));
    expect(countOf(foregroundMask(cutOut))).toBe(400);
    expect(countOf(foregroundMask(gridOf(SIZE, SIZE, () => [9, 9, 9, 0])))).toBe(0);
  });
});
