import type { ImageFormat } from '@aura/contracts';

/** The first bytes of a file as text, one character a byte. */
function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

const SIGNATURES: Readonly<Record<ImageFormat, (bytes: Uint8Array) => boolean>> = {
  jpeg: (bytes) => text(bytes, 0, 3) === '\xff\xd8\xff',
  png: (bytes) => text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n',
  webp: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP',
  avif: (bytes) => text(bytes, 4, 8) === 'ftyp' && /^(avif|avis)|^mif1.{4}.*avif/s.test(text(bytes, 8, 40)),
};

const FORMATS: readonly ImageFormat[] = ['jpeg', 'png', 'webp', 'avif'];

/**
 * The format that the first bytes of a file speak of, whatever its name or content type claims; undefined when it is none
 * that Aura decodes. Asked before any decoder sees the bytes, so that only these four decoders ever run.
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat | undefined {
  return FORMATS.find((format) => SIGNATURES[format](bytes));
}
