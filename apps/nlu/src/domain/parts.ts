import { AFFIRMATIONS, GRADED_NEGATIONS, LEXICON, NEGATIONS, STOPS } from './lexicon';
import type { Part, Term } from './term';

/** Longest phrase of the lexicon, in words. */
const LONGEST_PHRASE = 3;

/**
 * Cuts a query into its parts, in reading order; the longest known phrase wins. Punctuation stays as `comma` or `stop`.
 */
export function partsOf(query: string): readonly Part[] {
  const words = wordsOf(query);
  const parts: Part[] = [];
  for (let at = 0; at < words.length;) {
    const { part, length } = longestAt(words, at);
    parts.push(part);
    at += length;
  }
  return parts;
}

/** Lower case without accents and apostrophes; hyphens split words; commas and sentence ends stay as words of their own. */
export function wordsOf(query: string): readonly string[] {
  const plain = query
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/['’`]/g, '');
  return plain.match(/[\p{L}\p{N}]+|,|[.;:!?\n]/gu) ?? [];
}

interface Found {
  readonly part: Part;
  readonly length: number;
}

function longestAt(words: readonly string[], at: number): Found {
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 0; length -= 1) {
    const part = partOf(words.slice(at, at + length).join(' '));
    if (part !== undefined) return { part, length };
  }
  return { part: { kind: 'other' }, length: 1 };
}

function partOf(phrase: string): Part | undefined {
  if (phrase === ',') return { kind: 'comma' };
  if (/^[.;:!?\n]$/.test(phrase) || STOPS.has(phrase)) return { kind: 'stop' };
  if (AFFIRMATIONS.has(phrase)) return { kind: 'other' };
  if (GRADED_NEGATIONS.has(phrase)) return { kind: 'negation', reach: 'next' };
  if (NEGATIONS.has(phrase)) return { kind: 'negation', reach: 'clause' };
  const terms = termsOf(phrase);
  return terms === undefined ? undefined : { kind: 'phrase', terms };
}

/** The terms of a phrase as it stands, or without the ending of its plural. */
function termsOf(phrase: string): readonly Term[] | undefined {
  const singular = [phrase.replace(/ies$/, 'y'), phrase.replace(/es$/, ''), phrase.replace(/s$/, '')];
  return [phrase, ...singular].map((form) => LEXICON.get(form)).find((terms) => terms !== undefined);
}
