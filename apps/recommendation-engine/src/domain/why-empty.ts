import type { RecommendationRequest } from './request';

/** Why nothing is recommended, in one sentence for the person. Asked only where nothing is. */
export function whyEmpty({ outfits, emptyBecause }: RecommendationRequest): string {
  const { length } = outfits;
  if (length === 0) return emptyBecause ?? 'There was no outfit to choose from.';
  return `Of ${length} ${length === 1 ? 'outfit' : 'outfits'} none keeps to what you refuse and to your budget.`;
}
