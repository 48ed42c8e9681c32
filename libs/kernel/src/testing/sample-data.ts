/** Bytes that look random and are the same every time: a linear congruential generator. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The items in another order, the same for the same seed. */
export function shuffled<T>(items: readonly T[], seed = 1): readonly T[] {
  const weights = sampleBytes(items.length * 2, seed);
  return items
    .map((item, i) => ({ item, weight: (weights[2 * i] ?? 0) * 256 + (weights[2 * i + 1] ?? 0) }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ item }) => item);
}

/** Numbers from 0 to below `count`. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** The item at `n`, going round. */
export function roundRobin<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length];
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}

/** Longest stretch of text before it repeats. */
const TEXT_PERIOD = 4093;

/** Lower-case letters, the same every time; it repeats after 4093 of them. */
export function sampleText(length: number, seed = 1): string {
  const letters = Array.from(sampleBytes(Math.min(length, TEXT_PERIOD), seed), (byte) =>
    String.fromCharCode(97 + (byte % 26)),
  );
  return letters
    .join('')
    .repeat(Math.ceil(length / TEXT_PERIOD))
    .slice(0, length);
}

/** Names that are one where a store ends a text at a control character, or takes one for a sign of its own. */
export const CONTROLLED: readonly string[] = [
  'eve',
  ...[
    '\u0000',
    '\u0000x',
    '\u0000y',
    '\u0000\u0000',
    '\u0001',
    '\u00010',
    '\u00011',
    '\u0001x',
    '\u001f',
  ].map((end) => `eve${end}`),
];
