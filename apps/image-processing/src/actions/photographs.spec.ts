import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageAnalysis } from '@aura/contracts';
import { openEmbedded, type Embedded } from '@aura/embedded';
import type { ActionContext } from '@aura/workflow';
import sharp, { type Sharp } from 'sharp';
import { DEFAULT_LIMITS } from '../decoder/decode-image';
import { analyseImage } from './analyse-image';

const SCENE = join(__dirname, '../../../cli/samples/autumn-knit.jpg');
const WIDE = 4000;
const HIGH = 3000;

jest.setTimeout(120_000);

describe('a photograph of twelve million pixels', () => {
  let folder: string;
  let embedded: Embedded;
  /** The scene at photo size, as RGB pixels. */
  let pixels: Buffer;
  let expected: ImageAnalysis;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aura-photos-'));
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
    pixels = await sharp(SCENE)
      .resize(WIDE, HIGH, { fit: 'cover', kernel: 'nearest' })
      .removeAlpha()
      .raw()
      .toBuffer();
    expected = await analyse(await photo().resize(800, 600).png().toBuffer());
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function photo(): Sharp {
    return sharp(pixels, { raw: { width: WIDE, height: HIGH, channels: 3 } });
  }

  async function analyse(bytes: Buffer): Promise<ImageAnalysis> {
    const image = await embedded.claims.put(bytes, 'application/octet-stream');
    const context: ActionContext = {
      saga: 'saga-1',
      run: 1,
      step: 'analyse',
      epoch: 1,
      attempt: 1,
      operation: 'saga-1/1/analyse',
      randomness: { fraction: () => 0, bytes: (length) => new Uint8Array(length) },
      now: 0,
      signal: new AbortController().signal,
      claims: embedded.claims,
    };
    return (await analyseImage.run({ image }, context)).output;
  }

  /** What the eye says of a picture does not hang on its encoding. */
  function expectScene(analysis: ImageAnalysis, most = 0.05): void {
    for (const trait of ['brightness', 'contrast', 'saturation', 'warmth'] as const)
      expect({ trait, apart: Math.abs(analysis[trait] - expected[trait]) < most }).toEqual({
        trait,
        apart: true,
      });
    const channels = [1, 3, 5].map((at) =>
      Math.abs(
        parseInt(analysis.dominant.slice(at, at + 2), 16) - parseInt(expected.dominant.slice(at, at + 2), 16),
      ),
    );
    expect(Math.max(...channels)).toBeLessThan(32);
  }

  const encodings: readonly (readonly [string, ImageAnalysis['format'], (scene: Sharp) => Sharp])[] = [
    ['a JPEG with halved colour', 'jpeg', (scene) => scene.jpeg({ quality: 85, chromaSubsampling: '4:2:0' })],
    [
      'a progressive JPEG',
      'jpeg',
      (scene) => scene.jpeg({ quality: 90, progressive: true, chromaSubsampling: '4:4:4' }),
    ],
    ['a PNG of 16 bits', 'png', (scene) => scene.toColourspace('rgb16').png({ compressionLevel: 6 })],
    [
      'a PNG with a palette',
      'png',
      (scene) => scene.png({ palette: true, colours: 16, effort: 1, dither: 0 }),
    ],
    ['a PNG with alpha', 'png', (scene) => scene.ensureAlpha(1).png({ compressionLevel: 6 })],
    ['a WebP with loss', 'webp', (scene) => scene.webp({ quality: 80, effort: 0 })],
    ['a WebP without loss', 'webp', (scene) => scene.webp({ lossless: true, effort: 0 })],
    ['an AVIF', 'avif', (scene) => scene.avif({ quality: 50, effort: 0 })],
  ];

  it.each(encodings)('passes within the limits as %s', async (_what, format, encode) => {
    const bytes = await encode(photo()).toBuffer();
    expect(bytes.length).toBeLessThan(DEFAULT_LIMITS.bytes);
    const analysis = await analyse(bytes);
    expect(analysis).toMatchObject({ format, width: WIDE, height: HIGH, bytes: bytes.length });
    expectScene(analysis);
  });

  it('keeps its colours as a CMYK JPEG, as far as ink has them', async () => {
    // Smaller than the others: making CMYK takes as long as all of them together.
    const bytes = await photo().resize(800, 600).toColourspace('cmyk').jpeg({ quality: 80 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    expectScene(await analyse(bytes), 0.12);
  });

  it.each([
    [3, WIDE, HIGH],
    [6, HIGH, WIDE],
  ])('stands upright by EXIF orientation %i', async (orientation, width, height) => {
    const bytes = await photo().jpeg({ quality: 80 }).withMetadata({ orientation }).toBuffer();
    const analysis = await analyse(bytes);
    expect(analysis).toMatchObject({ format: 'jpeg', width, height });
    expectScene(analysis);
  });

  it('is its first frame when it moves', async () => {
    const size = { width: 2000, height: 1500 };
    const first = await photo().resize(size).png({ compressionLevel: 1 }).toBuffer();
    const second = await sharp({ create: { ...size, channels: 3, background: '#00ff00' } })
      .png()
      .toBuffer();
    const bytes = await sharp([first, second], { join: { animated: true } })
      .webp({ quality: 80, effort: 0 })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const analysis = await analyse(bytes);
    expect(analysis).toMatchObject({ format: 'webp', ...size });
    expectScene(analysis);
  });

  it.each([
    ['JPEG', (bomb: Sharp) => bomb.jpeg({ quality: 1 })],
    ['WebP', (bomb: Sharp) => bomb.webp({ lossless: true, effort: 0 })],
  ])('is not a bomb: a %s of a few bytes and too many pixels is refused', async (_format, encode) => {
    const bomb = sharp({ create: { width: 10_000, height: 5001, channels: 3, background: '#000000' } });
    const bytes = await encode(bomb).toBuffer();
    expect(bytes.length).toBeLessThan(1_500_000);
    await expect(analyse(bytes)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: 'the picture has 10000 x 5001 pixels; at most 50000000 are allowed',
    });
  });
});
