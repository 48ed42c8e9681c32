import type { GuardedDocument } from './changes';

/** What a document weighs at most: in memory, and on the wire where a character may take three bytes. */
export function approximateBytes(document: GuardedDocument): number {
  let bytes = 200;
  for (const value of Object.values(document)) bytes += bytesOf(value);
  return bytes;
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 3 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((bytes, inner) => bytes + bytesOf(inner), 0);
}
