import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageAnalysis, type ImageAnalysis } from '@aura/contracts';
import { openEmbedded, type Embedded } from '@aura/embedded';
import type { ActionContext } from '@aura/workflow';
import { drawn, redAndBlue } from '../testing/pictures';
import { analyseImage, analyseImageInput } from './analyse-image';

describe('analyse-image', () => {
  let folder: string;
  let embedded: Embedded;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aura-images-'));
    embedded = await openEmbedded({ path: join(folder, 'aura.db') });
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function analyse(image: string): Promise<ImageAnalysis> {
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
    const { output } = await analyseImage.run(analyseImageInput.parse({ image }), context);
    return output;
  }

  it('finds size, format and palette of a picture that was put before', async () => {
    const bytes = await redAndBlue().png().toBuffer();
    const analysis = await analyse(await embedded.claims.put(bytes, 'image/png'));
    expect(imageAnalysis.parse(analysis)).toEqual(analysis);
    expect(analysis).toMatchObject({ width: 200, height: 100, format: 'png', bytes: bytes.length });
    expect(analysis.palette.map(({ name }) => name).sort()).toEqual(['blue', 'red']);
  });

  it('finds the garment before its backdrop, in every format', async () => {
    const shirt = { left: 60, top: 40, width: 80, height: 120, colour: '#0a8f63' };
    for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
      const bytes = await drawn(200, 200, '#f4f1ea', [shirt]).toFormat(format).toBuffer();
      const { palette } = await analyse(await embedded.claims.put(bytes, `image/${format}`));
      expect(palette[0]).toMatchObject({ name: 'emerald' });
      expect(palette[0]?.share).toBeGreaterThan(0.85);
    }
  });

  it('refuses a digest under which nobody has put a picture', async () => {
    const image = `sha256:${createHash('sha256').update('nothing').digest('hex')}`;
    await expect(analyse(image)).rejects.toMatchObject({
      code: 'IMAGE_UNKNOWN',
      message: expect.stringContaining(image),
    });
  });

  it('refuses bytes that are no picture', async () => {
    const digest = await embedded.claims.put(Buffer.from('hello'), 'image/jpeg');
    await expect(analyse(digest)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
  });
});
