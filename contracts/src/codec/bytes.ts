import { fromUint8Array, toUint8Array } from 'js-base64';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text as UTF-8. */
export function utf8Of(text: string): Uint8Array {
  return encoder.encode(text);
}

/** UTF-8 as text, without a byte order mark; undefined when the bytes are no UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same bytes as a plain `Uint8Array`, not copied: what a platform adds to its own kind stays out of events. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as base64 of RFC 4648 §4, with padding. */
export function base64Of(bytes: Uint8Array): string {
  return fromUint8Array(bytes);
}

const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/** The bytes of base64; undefined when a character or the padding is wrong. js-base64 alone would drop what it does not know. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.slice(0, text.length - padding);
  return text.length % 4 === 0 && !NOT_BASE64.test(digits) ? plainBytes(toUint8Array(text)) : undefined;
}
