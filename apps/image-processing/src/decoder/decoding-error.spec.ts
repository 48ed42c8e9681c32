import sharp from 'sharp';
import { decodingError } from './decoding-error';

describe('decodingError', () => {
  it('takes time run out, as sharp says it, for something to be tried again', async () => {
    const endless = sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: '#808080' } })
      .blur(60)
      .timeout({ seconds: 1 })
      .png()
      .toBuffer();
    const error = await endless.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(decodingError(error, 'avif', 1)).toMatchObject({
      name: 'AuraError',
      code: 'IMAGE_DECODING_SLOW',
      message: 'decoding the avif picture took longer than 1 s',
    });
  });

  it('takes everything else for damage, with the first line of the reason', () => {
    expect(decodingError(new Error('\nVipsJpeg: premature end\nmore'), 'jpeg', 1)).toMatchObject({
      name: 'ImageError',
      code: 'IMAGE_DAMAGED',
      message: 'the jpeg picture cannot be decoded: VipsJpeg: premature end',
    });
    expect(decodingError('odd', 'png', 1).message).toContain('odd');
  });
});
