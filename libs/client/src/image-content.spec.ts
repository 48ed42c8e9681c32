import { Readable } from 'node:stream';
import { ImageTooLargeError } from './errors';
import { imageBody, type ImageContent } from './image-content';

const bytes = Buffer.from([0, 255, 1, 2]);

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 1);
  yield bytes.subarray(1);
}

async function sentOf(content: ImageContent, type?: string): Promise<readonly [string, Buffer]> {
  const { body, contentType } = await imageBody(content, type);
  return [contentType, Buffer.from(await new Response(body).arrayBuffer())];
}

describe('a picture to upload', () => {
  it.each<[string, () => ImageContent]>([
    ['a Buffer', () => bytes],
    ['bytes in a shared buffer', () => new Uint8Array(new SharedArrayBuffer(4)).map((_, n) => bytes[n] ?? 0)],
    ['an ArrayBuffer', () => new Uint8Array(bytes).buffer],
    ['a Blob', () => new Blob([bytes])],
    ['a web stream', () => new Blob([bytes]).stream()],
    ['a Node stream', () => Readable.from(pieces())],
    ['anything that brings bytes', () => pieces()],
  ])('may be %s', async (_what, content) => {
    expect(await sentOf(content(), 'image/png')).toEqual(['image/png', bytes]);
  });

  it('may know by itself what it is, and is told otherwise', async () => {
    const blob = new Blob([bytes], { type: 'image/jpeg' });
    expect((await imageBody(blob, undefined)).contentType).toBe('image/jpeg');
    expect((await imageBody(blob, 'image/webp')).contentType).toBe('image/webp');
  });

  it.each<[string, () => ImageContent]>([
    ['bytes', () => bytes],
    ['a Blob', () => new Blob([bytes])],
  ])('is refused as %s that nobody knows the kind of', async (_what, content) => {
    await expect(imageBody(content(), undefined)).rejects.toThrow(TypeError);
  });

  it('is refused, and its stream let go, when it does not end', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      const piece = new Uint8Array(1024 * 1024);
      try {
        for (;;) yield piece;
      } finally {
        isClosed = true;
      }
    }
    await expect(imageBody(endless(), 'image/png')).rejects.toThrow(ImageTooLargeError);
    expect(isClosed).toBe(true);
  });

  it('is let go at once by an abort, also while its stream hangs', async () => {
    let reason: unknown;
    const hanging = new ReadableStream<Uint8Array>({ cancel: (why) => void (reason = why ?? 'cancelled') });
    const controller = new AbortController();
    const sent = imageBody(hanging, 'image/png', controller.signal);
    controller.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
    expect(reason).toBe('cancelled');
  });

  it('passes on why its stream broke', async () => {
    const broken = new ReadableStream<Uint8Array>({ start: (stream) => stream.error(new Error('no disk')) });
    const { signal } = new AbortController();
    await expect(imageBody(broken, 'image/png', signal)).rejects.toThrow('no disk');
  });
});
