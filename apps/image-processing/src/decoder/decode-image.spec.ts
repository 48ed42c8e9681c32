import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { drawn, redAndBlue } from '../testing/pictures';
import { decodeImage, DEFAULT_LIMITS } from './decode-image';

/** One PNG chunk: length, type, data, checksum. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function crc32(bytes: Buffer): number {
  const crc = bytes.reduce((sum, byte) => {
    let next = sum ^ byte;
    for (let bit = 0; bit < 8; bit += 1) next = (next >>> 1) ^ (next & 1 ? 0xedb88320 : 0);
    return next;
  }, 0xffffffff);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A PNG of 30000 x 30000 white pixels in some ten kilobytes: 900 million pixels once decoded. */
function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(200 * 3751));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function encoded(format: 'jpeg' | 'png' | 'webp' | 'avif'): Promise<Buffer> {
  const noise = sharp({
    create: {
      width: 320,
      height: 240,
      channels: 3,
      background: '#888888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
  return noise.toFormat(format).toBuffer();
}

describe('decodeImage', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'decodes a real %s picture to at most 160 pixels',
    async (format) => {
      const image = await decodeImage(await redAndBlue().toFormat(format).toBuffer());
      expect(image).toMatchObject({ width: 200, height: 100, format });
      expect([image.small.width, image.small.height]).toEqual([160, 80]);
      expect(image.small.rgba).toHaveLength(160 * 80 * 4);
      const [red = 0, green = 0, blue = 0] = image.small.rgba;
      expect(Math.abs(red - 0xcc) + Math.abs(green - 0x1f) + Math.abs(blue - 0x2d)).toBeLessThan(20);
    },
  );

  it('turns a picture upright as its EXIF orientation says', async () => {
    const lying = await redAndBlue().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { width, height, small } = await decodeImage(lying);
    expect([width, height, small.width, small.height]).toEqual([100, 200, 80, 160]);
    expect([...small.rgba.subarray(0, 3)].indexOf(Math.max(...small.rgba.subarray(0, 3)))).toBe(0);
    const last = [...small.rgba.subarray(-4, -1)];
    expect(last.indexOf(Math.max(...last))).toBe(2);
  });

  it('gives grey, 16-bit, paletted and CMYK pictures in eight-bit sRGB as well', async () => {
    const grey = await drawn(64, 64, '#808080').greyscale().png().toBuffer();
    const deep = await drawn(64, 64, '#2459b5').toColourspace('rgb16').png().toBuffer();
    const paletted = await redAndBlue().png({ palette: true }).toBuffer();
    const cmyk = await drawn(64, 64, '#cc1f2d').toColourspace('cmyk').jpeg().toBuffer();
    for (const bytes of [grey, deep, paletted, cmyk]) {
      const { small } = await decodeImage(bytes);
      expect(small.rgba).toHaveLength(small.width * small.height * 4);
    }
    expect([...(await decodeImage(deep)).small.rgba.subarray(0, 4)]).toEqual([0x24, 0x59, 0xb5, 255]);
  });

  it('keeps transparency for whoever looks at the pixels', async () => {
    const clear = sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    });
    const { small } = await decodeImage(await clear.png().toBuffer());
    expect(small.rgba[3]).toBe(0);
  });

  it.each([
    ['text', Buffer.from('not a picture at all, however long it may be')],
    ['nothing', Buffer.alloc(0)],
    ['an SVG drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a GIF', Buffer.from('GIF89a................')],
    ['a PDF', Buffer.from('%PDF-1.7 ................')],
  ])('refuses %s as no picture', async (_what, bytes) => {
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      help: expect.stringContaining('JPEG'),
    });
  });

  it('refuses a bomb by its header, before decoding', async () => {
    const bytes = bomb();
    expect(bytes.length).toBeLessThan(20_000);
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: 'the picture has 30000 x 30000 pixels; at most 50000000 are allowed',
    });
  });

  it('refuses a file over the limit of bytes', async () => {
    const bytes = await encoded('png');
    await expect(decodeImage(bytes, { ...DEFAULT_LIMITS, bytes: 1000 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'refuses a truncated %s picture as damaged',
    async (format) => {
      const whole = await encoded(format);
      for (const part of [0.1, 0.5, 0.9]) {
        const cut = whole.subarray(0, Math.floor(whole.length * part));
        await expect(decodeImage(cut)).rejects.toMatchObject({ code: 'IMAGE_DAMAGED', name: 'ImageError' });
      }
    },
  );

  it('refuses a picture of hardly any pixels', async () => {
    await expect(decodeImage(await drawn(7, 300, '#ffffff').png().toBuffer())).rejects.toMatchObject({
      code: 'IMAGE_TOO_SMALL',
    });
  });

  it('reads only the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#cc1f2d', '#2459b5'].map((colour) => drawn(40, 40, colour).png().toBuffer()),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const { width, height, small } = await decodeImage(bytes);
    expect([width, height, small.height]).toEqual([40, 40, 40]);
  });

  it('gives the same pixels for the same bytes', async () => {
    const bytes = await encoded('jpeg');
    const digests = await Promise.all(
      [1, 2, 3].map(async () =>
        createHash('sha256')
          .update((await decodeImage(bytes)).small.rgba)
          .digest('hex'),
      ),
    );
    expect(new Set(digests).size).toBe(1);
  });
});
