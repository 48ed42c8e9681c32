import type { PixelGrid } from '../domain/colour-cloud';

/** A pixel: red, green, blue and opacity, each 0 to 255. */
export type Pixel = readonly [red: number, green: number, blue: number, opacity?: number];

/** A grid whose pixels are told one by one by their place. */
export function gridOf(width: number, height: number, pixel: (x: number, y: number) => Pixel): PixelGrid {
  const pixels = Array.from({ length: width * height }, (_, index) => {
    const [red, green, blue, opacity = 255] = pixel(index % width, Math.floor(index / width));
    return [red, green, blue, opacity];
  });
  return { width, height, rgba: Uint8Array.from(pixels.flat()) };
}
