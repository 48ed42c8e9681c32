import {
  emptyBecause,
  outfit,
  queryUnderstanding,
  recommendationList,
  recommendationsMade,
  styleProfile,
} from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { recommend } from '../domain/recommend';
import { whyEmpty } from '../domain/why-empty';

/**
 * Input of `make-recommendations`: whose taste, the outfits to choose from, and what was asked for, if anything;
 * `emptyBecause` from whoever combined no outfits.
 */
export const makeRecommendationsInput = z.object({
  profile: styleProfile,
  outfits: z.array(outfit).max(100),
  query: queryUnderstanding.optional(),
  emptyBecause: emptyBecause.optional(),
});

/** Ranks outfits for a person and says why. */
export const makeRecommendations = defineAction({
  name: 'make-recommendations',
  description:
    'Ranks outfits by harmony, closeness to the profile, the query, budget and variety, with reasons.',
  kind: 'pure',
  input: makeRecommendationsInput,
  output: recommendationList,
  emits: recommendationsMade.type,
  run: (request) => {
    const recommendations = [...recommend(request)];
    const isEmpty = recommendations.length === 0;
    return { output: isEmpty ? { recommendations, emptyBecause: whyEmpty(request) } : { recommendations } };
  },
});
