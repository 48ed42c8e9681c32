import type { Mention } from './mentions';
import { isOf, type Part, type ReadPart } from './term';

/** Most words that are given back: a person sees from them what went wrong. */
const MOST_WORDS = 8;

/** Longest of them, in characters; the rest of a longer one is cut off. */
const LONGEST_WORD = 60;

/**
 * What of a query nothing was made of, in reading order, as it was said: words that nobody knows, and refusals that no
 * outfit can be held against (`no floral`, `no strapless dress`).
 */
export function notUnderstood(
  read: readonly ReadPart[],
  mentions: readonly Mention[],
): readonly string[] | undefined {
  const beyond = mentions.filter(isBeyond);
  const inside = new Set(beyond.flatMap(({ parts }) => parts));
  const said = read.flatMap((here, index) => {
    const ends = beyond.find(({ parts }) => parts.at(-1) === index);
    if (ends !== undefined) return [`no ${textOf(ends, read)}`];
    return inside.has(index) ? [] : missedIn(here);
  });
  const words = [...new Set(said)]
    .slice(0, MOST_WORDS)
    .map((word) => [...word].slice(0, LONGEST_WORD).join(''));
  return words.length === 0 ? undefined : words;
}

/** Whether a garment is refused for something that outfits do not tell; no other garment is refused then. */
export function isBeyond({ refused, saysMore }: Mention): boolean {
  return refused && saysMore;
}

function missedIn({ part, refused }: ReadPart): readonly string[] {
  if (part.kind === 'unknown') return [part.text];
  const canBeRefused = isOf(part, 'colour', 'material', 'garment', 'formality');
  return refused && part.kind === 'phrase' && !canBeRefused ? [`no ${part.text}`] : [];
}

function textOf({ parts }: Mention, read: readonly ReadPart[]): string {
  return parts.map((index) => wordsOf(read[index]?.part)).join(' ');
}

function wordsOf(part: Part | undefined): string {
  if (part?.kind === 'joint') return 'or';
  return part !== undefined && 'text' in part ? part.text : '';
}
