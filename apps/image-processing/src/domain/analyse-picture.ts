import type { ImageAnalysis } from '@aura/contracts';
import { colourCloud, type PixelGrid } from './colour-cloud';
import { foregroundMask } from './foreground';
import { ImageError } from './image-error';
import { impressionOf } from './impression';
import { paletteOf } from './palette';

/** What the colours of a picture say. */
export type ColourAnalysis = Pick<
  ImageAnalysis,
  'palette' | 'dominant' | 'brightness' | 'contrast' | 'saturation' | 'warmth'
>;

/**
 * Palette and impression of a picture's motif, from its small pixels; a function of the pixels alone.
 * Throws `ImageError` IMAGE_EMPTY when every pixel is transparent.
 */
export function analysePicture(picture: PixelGrid): ColourAnalysis {
  const cloud = colourCloud(picture, foregroundMask(picture));
  const palette = paletteOf(cloud);
  const [first] = palette;
  if (first === undefined) throw new ImageError('IMAGE_EMPTY', 'the picture is transparent all over');
  return { palette: [...palette], dominant: first.hex, ...impressionOf(cloud) };
}
