import { FILLERS, LINKS } from './fillers';
import { LEXICON } from './lexicon';
import type { Part, Term } from './term';
import { AFFIRMATIONS, GRADED_NEGATIONS, JOINTS, NEGATIONS, STOPS } from './turns';

/** Longest phrase of the lexicon, in words. */
const LONGEST_PHRASE = 3;

/** Ends of sentences, which end everything that was begun. */
export const SENTENCE_END = /^[.;:!?\n]$/;

/** `leather-free shoes` are shoes without leather. */
const FREE_OF = /(\p{L}+)-free\b/gu;

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
    .replace(/['’`]/g, '')
    .replace(FREE_OF, 'no $1');
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
  return { part: { kind: 'unknown', text: words[at] ?? '' }, length: 1 };
}

function partOf(phrase: string): Part | undefined {
  return markOf(phrase) ?? negationOf(phrase) ?? phraseOf(phrase) ?? fillerOf(phrase);
}

function markOf(phrase: string): Part | undefined {
  if (phrase === ',') return { kind: 'comma' };
  if (SENTENCE_END.test(phrase) || STOPS.has(phrase)) return { kind: 'stop', text: phrase };
  return undefined;
}

function negationOf(phrase: string): Part | undefined {
  if (AFFIRMATIONS.has(phrase)) return { kind: 'filler', text: phrase };
  if (GRADED_NEGATIONS.has(phrase)) return { kind: 'negation', reach: 'next' };
  return NEGATIONS.has(phrase) ? { kind: 'negation', reach: 'clause' } : undefined;
}

function phraseOf(phrase: string): Part | undefined {
  const terms = termsOf(phrase);
  return terms === undefined ? undefined : { kind: 'phrase', text: phrase, terms };
}

/** What says nothing: words that only hold a sentence together, and bare numbers. */
function fillerOf(phrase: string): Part | undefined {
  if (JOINTS.has(phrase)) return { kind: 'joint' };
  const isFiller = FILLERS.has(phrase) || LINKS.has(phrase) || /^\p{N}+$/u.test(phrase);
  return isFiller ? { kind: 'filler', text: phrase } : undefined;
}

/** The terms of a phrase as it stands, or without the ending of its plural. */
function termsOf(phrase: string): readonly Term[] | undefined {
  const singular = [phrase.replace(/ies$/, 'y'), phrase.replace(/es$/, ''), phrase.replace(/s$/, '')];
  return [phrase, ...singular].map((form) => LEXICON.get(form)).find((terms) => terms !== undefined);
}
