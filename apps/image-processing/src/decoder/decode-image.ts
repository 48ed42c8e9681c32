import type { ImageFormat } from '@aura/contracts';
import sharp, { type Metadata } from 'sharp';
import type { PixelGrid } from '../domain/colour-cloud';
import { ImageError } from '../domain/image-error';
import { sniffFormat } from '../domain/image-format';
import { decodingError, reasonOf } from './decoding-error';

/** What a picture may cost. */
export interface ImageLimits {
  /** Largest file, bytes; default 20 MiB. */
  readonly bytes: number;
  /** Most pixels by the header, asked before anything is decoded; default 50 million. */
  readonly pixels: number;
  /** Longest decoding, whole seconds; default 10. */
  readonly seconds: number;
}

/** The limits of a service that was told nothing else. */
export const DEFAULT_LIMITS: ImageLimits = { bytes: 20 * 1024 * 1024, pixels: 50_000_000, seconds: 10 };

/** A decoded picture: its true size, upright, and a small copy of its pixels. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly small: PixelGrid;
}

/** Longer side of the small copy, pixels: enough for colours, and quick. */
const SMALL_SIDE = 160;

/** Shorter pictures have no colours worth telling. */
const LEAST_SIDE = 8;

/**
 * Decodes JPEG, PNG, WebP or AVIF bytes: upright by EXIF, in sRGB by the embedded profile, first frame only, scaled to
 * at most 160 pixels a side. Throws `ImageError` for what is no picture, damaged, or over a limit; an `AuraError`
 * IMAGE_DECODING_SLOW, to be tried again, when time ran out (an AVIF notices it only when it is decoded).
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: ImageLimits = DEFAULT_LIMITS,
): Promise<DecodedImage> {
  if (bytes.length > limits.bytes) {
    throw new ImageError(
      'IMAGE_TOO_LARGE',
      `the picture has ${bytes.length} bytes; at most ${limits.bytes} are allowed`,
    );
  }
  const format = sniffFormat(bytes);
  if (format === undefined) throw new ImageError('NOT_AN_IMAGE', `${bytes.length} bytes that are no picture`);
  const size = await uprightSize(bytes, format, limits);
  return { ...size, format, small: await smallPixels(bytes, format, limits) };
}

async function uprightSize(
  bytes: Uint8Array,
  format: ImageFormat,
  limits: ImageLimits,
): Promise<{ readonly width: number; readonly height: number }> {
  const { width, height } = (await headerOf(bytes, format)).autoOrient;
  if (width * height > limits.pixels) {
    throw new ImageError(
      'IMAGE_TOO_LARGE',
      `the picture has ${width} x ${height} pixels; at most ${limits.pixels} are allowed`,
    );
  }
  if (Math.min(width, height) < LEAST_SIDE) {
    throw new ImageError('IMAGE_TOO_SMALL', `the picture has only ${width} x ${height} pixels`);
  }
  return { width, height };
}

async function headerOf(bytes: Uint8Array, format: ImageFormat): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw new ImageError('IMAGE_DAMAGED', `the ${format} header cannot be read: ${reasonOf(error)}`, error);
  }
}

async function smallPixels(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<PixelGrid> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: limits.pixels, failOn: 'error' })
      .timeout({ seconds: limits.seconds })
      .autoOrient()
      // A kernel without overshoot: sharpening halos would be colours that the picture does not have.
      .resize(SMALL_SIDE, SMALL_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: data };
  } catch (error) {
    throw decodingError(error, format, limits.seconds);
  }
}
