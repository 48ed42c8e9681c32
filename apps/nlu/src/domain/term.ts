import type { Formality, GarmentCategory, Season } from '@aura/contracts';

/** A garment as one phrase says it: its category, and its kind where the phrase is narrower. */
export interface GarmentWord {
  readonly category: GarmentCategory;
  readonly kind?: string;
}

/** What terms of each kind hold. */
export interface TermValues {
  readonly occasion: string;
  readonly season: Season;
  readonly colour: string;
  readonly material: string;
  readonly garment: GarmentWord;
  readonly style: string;
  readonly formality: Formality;
}

/** A kind of term. */
export type TermKind = keyof TermValues;

/** One thing that a word or phrase of a query means. */
export type Term = {
  readonly [K in TermKind]: { readonly kind: K; readonly value: TermValues[K] };
}[TermKind];

/** A part of a query in reading order: a phrase with its terms, a word that turns the meaning round, or what ends that. */
export type Part =
  | { readonly kind: 'phrase'; readonly text: string; readonly terms: readonly Term[] }
  /** `next` reaches over one phrase (`not too formal`), `clause` as far as the sentence lets it (`no black or grey`). */
  | { readonly kind: 'negation'; readonly reach: 'next' | 'clause' }
  | { readonly kind: 'comma' }
  /** The end of a sentence, or a word that starts something new (`but`, `for`). */
  | { readonly kind: 'stop'; readonly text: string }
  /** `and`, `or`. */
  | { readonly kind: 'joint' }
  /** A word that says nothing by itself: `the`, `something`. */
  | { readonly kind: 'filler'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

/** A part of a query, and whether it was refused (`no black`). */
export interface ReadPart {
  readonly part: Part;
  readonly refused: boolean;
}

/** The values of one kind among the terms of a part, in their order; none when the part is no phrase. */
export function valuesIn<K extends TermKind>(part: Part | undefined, kind: K): readonly TermValues[K][] {
  const terms = part?.kind === 'phrase' ? part.terms : [];
  const isOfKind = (term: Term): term is Term & { readonly kind: K; readonly value: TermValues[K] } =>
    term.kind === kind;
  return terms.filter(isOfKind).map(({ value }) => value);
}

/** Whether a part has a term of any of the kinds. */
export function isOf(part: Part | undefined, ...kinds: readonly TermKind[]): boolean {
  return part?.kind === 'phrase' && part.terms.some(({ kind }) => kinds.includes(kind));
}
