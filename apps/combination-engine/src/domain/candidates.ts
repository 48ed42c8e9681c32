import type { GarmentCategory } from '@aura/contracts';
import type { Oklab } from '@aura/colour';
import type { CatalogueItem } from '../catalogue/catalogue';
import { formsFor } from './forms';
import { harmonyOf, type Harmony } from './harmony';
import { goTogether, type Wish } from './wish';

/** Least score of harmony that an outfit needs. */
const LEAST_HARMONY = 0.55;

/** A piece that is tried, with what is asked of it again and again. */
export interface Piece {
  readonly item: CatalogueItem;
  readonly lab: Oklab;
  /** See `likingOf`. */
  readonly liking: number;
}

/** Pieces that can be worn together within a wish. */
export interface Candidate {
  readonly items: readonly CatalogueItem[];
  readonly harmony: Harmony;
  /** Mean liking of the pieces. */
  readonly liking: number;
}

/** Everything that pieces combine to within a wish, form by form, one at a time: who wants to know only whether there is anything stops at the first. */
export function* candidatesOf(pieces: readonly Piece[], wish: Wish): Generator<Candidate> {
  const byCategory = new Map<GarmentCategory, Piece[]>();
  for (const piece of pieces)
    byCategory.set(piece.item.category, [...(byCategory.get(piece.item.category) ?? []), piece]);
  for (const form of formsFor(wish)) {
    for (const outfit of combinations(form.map((category) => byCategory.get(category) ?? [])))
      yield* candidateOf(outfit, wish);
  }
}

function* combinations<T>([choice, ...rest]: readonly (readonly T[])[]): Generator<readonly T[]> {
  if (choice === undefined) {
    yield [];
    return;
  }
  for (const first of choice) for (const others of combinations(rest)) yield [first, ...others];
}

function candidateOf(pieces: readonly Piece[], wish: Wish): readonly Candidate[] {
  const items = pieces.map(({ item }) => item);
  if (!goTogether(items, wish)) return [];
  const harmony = harmonyOf(pieces.map(({ lab }) => lab));
  if (harmony === undefined || harmony.score < LEAST_HARMONY) return [];
  return [{ items, harmony, liking: pieces.reduce((sum, { liking }) => sum + liking, 0) / pieces.length }];
}
