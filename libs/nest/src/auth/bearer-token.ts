import { createHash, timingSafeEqual } from 'node:crypto';

/** The token of an `Authorization` header; undefined when it is another scheme, or none. */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([!-~]+) *$/i.exec(authorization ?? '')?.[1];
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ, nor of their lengths. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
