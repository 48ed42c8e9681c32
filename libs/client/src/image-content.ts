import { ImageTooLargeError } from './errors';

/** A picture: bytes (a Node Buffer is such), a Blob or File, or a stream of bytes (Node's and the web's). */
export type ImageContent =
  Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** What a request sends of a picture. */
export interface ImageBody {
  readonly body: Blob | Uint8Array<ArrayBuffer>;
  /** E.g. `image/jpeg`. */
  readonly contentType: string;
}

/** Longest stream that is read, bytes: more than any door lets in. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * A picture as it can be sent. A stream is read to its end before, because a browser cannot stream a request over
 * HTTP/1.1. Errors: `TypeError` when nobody says the content type; `ImageTooLargeError`; the reason of an abort.
 */
export async function imageBody(
  content: ImageContent,
  contentType: string | undefined,
  signal?: AbortSignal,
): Promise<ImageBody> {
  const type = contentType ?? (content instanceof Blob ? content.type : '');
  if (type === '')
    throw new TypeError(
      'Say what kind of picture it is, e.g. image/jpeg: only a Blob may know it by itself.',
    );
  if (content instanceof Blob) return { body: content, contentType: type };
  if (content instanceof ArrayBuffer) return { body: new Uint8Array(content), contentType: type };
  // A copy: bytes may stand in a shared buffer, which fetch refuses.
  if (content instanceof Uint8Array) return { body: new Uint8Array(content), contentType: type };
  return { body: await collected(content, signal), contentType: type };
}

async function collected(
  stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const iterator = piecesOf(stream);
  try {
    for (;;) {
      const next = await unlessAborted(iterator.next(), signal);
      if (next.done === true) return new Blob(pieces);
      bytes += next.value.length;
      if (bytes > MOST_BYTES) throw new ImageTooLargeError(MOST_BYTES);
      pieces.push(new Uint8Array(next.value));
    }
  } catch (error) {
    // Not waited for: a stream that hangs would hold the abort.
    void iterator.return?.()?.catch(() => undefined);
    throw error;
  }
}

/** Not every browser lets a web stream be iterated. */
function piecesOf(stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): AsyncIterator<Uint8Array> {
  if (!('getReader' in stream)) return stream[Symbol.asyncIterator]();
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done: true, value: undefined } : { done: false, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    // What comes of it after the abort is nobody's business.
    work.catch(() => undefined);
  }
}
