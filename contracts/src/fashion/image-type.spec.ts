import { IMAGE_TYPES, imageTypeOf } from './image-type';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('the type of a picture', () => {
  it.each([
    ['\xff\xd8\xff\xe0....', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n....', 'image/png'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x1cftypavif', 'image/avif'],
    ['\0\0\0\x1cftypavis', 'image/avif'],
    ['RIFF....WAVEfmt ', undefined],
    ['GIF89a', undefined],
    ['<svg xmlns=', undefined],
    ['', undefined],
  ])('of %j is %s', (text, type) => {
    expect(imageTypeOf(bytes(text))).toBe(type);
    if (type !== undefined) expect(IMAGE_TYPES).toContain(type);
  });
});
