import type { Outfit, QueryUnderstanding, StyleProfile } from '@aura/contracts';

/** What recommendations are made from. */
export interface RecommendationRequest {
  readonly profile: StyleProfile;
  readonly outfits: readonly Outfit[];
  readonly query?: QueryUnderstanding | undefined;
  /** Why there are no outfits, from whoever combined none. */
  readonly emptyBecause?: string | undefined;
}

/** One thing that speaks for an outfit: how good it is, how much it counts, and what it says to the person. */
export interface Argument {
  /** 0 to 1; undefined when it only has something to say. */
  readonly score?: number;
  /** How much the score counts beside the others. */
  readonly weight: number;
  /** Sentences that are true of the outfit; empty when there is nothing worth saying. */
  readonly reasons: readonly string[];
}
