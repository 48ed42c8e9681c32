import type { Formality, GarmentCategory, Season } from '@aura/contracts';

/** What terms of each kind hold. */
export interface TermValues {
  readonly occasion: string;
  readonly season: Season;
  readonly colour: string;
  readonly garment: GarmentCategory;
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
  | { readonly kind: 'phrase'; readonly terms: readonly Term[] }
  /** `next` reaches over one phrase (`not too formal`), `clause` as far as the sentence lets it (`no black or grey`). */
  | { readonly kind: 'negation'; readonly reach: 'next' | 'clause' }
  | { readonly kind: 'comma' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'other' };
