import { imageAnalysis } from '@aura/contracts';
import fc from 'fast-check';
import { gridOf, type Pixel } from '../testing/grids';
import { analysePicture } from './analyse-picture';

const coloured = imageAnalysis.pick({
  palette: true,
  dominant: true,
  brightness: true,
  contrast: true,
  saturation: true,
  warmth: true,
});

function plain(...[red, green, blue]: Pixel): ReturnType<typeof analysePicture> {
  return analysePicture(gridOf(10, 10, () => [red, green, blue]));
}

describe('analysePicture', () => {
  it('keeps its contract for any pixels that are not all transparent', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    const pixel = fc.tuple(channel, channel, channel, fc.constantFrom(255, 255, 0));
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 144, maxLength: 144 }), (pixels) => {
        fc.pre(pixels.some(([, , , opacity]) => opacity === 255));
        const analysis = analysePicture(gridOf(12, 12, (x, y) => pixels[y * 12 + x] ?? [0, 0, 0]));
        expect(coloured.parse(analysis)).toEqual(analysis);
        expect(analysis.dominant).toBe(analysis.palette[0]?.hex);
      }),
    );
  });

  it('tells bright from dark, vivid from grey, warm from cold', () => {
    expect(plain(255, 255, 255)).toMatchObject({ brightness: 1, contrast: 0, saturation: 0, warmth: 0 });
    expect(plain(0, 0, 0).brightness).toBe(0);
    expect(plain(255, 0, 255).saturation).toBeCloseTo(1, 2);
    expect(plain(240, 127, 31).warmth).toBeGreaterThan(0.9);
    expect(plain(36, 89, 181).warmth).toBeLessThan(-0.8);
    expect(plain(128, 128, 128).warmth).toBe(0);
  });

  it('measures contrast between the dark and the light end', () => {
    const checked = gridOf(10, 10, (x, y) => ((x + y) % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    expect(analysePicture(checked).contrast).toBe(1);
  });

  it('refuses a picture that is transparent all over', () => {
    expect(() => analysePicture(gridOf(10, 10, () => [1, 2, 3, 0]))).toThrow(
      expect.objectContaining({ code: 'IMAGE_EMPTY' }),
    );
  });
});
