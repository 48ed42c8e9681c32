/** The analysis that Aura ships with, and what its trace must show. */
export const COMPLETE = {
  workflow: 'complete_fashion_analysis',
  spans: [
    'POST /api/v1/workflows/execute',
    'start complete_fashion_analysis',
    'publish ai.aura.saga.started.v1',
    'analyse-image',
    'publish ai.aura.image.analysed.v1',
    'understand-query',
    'publish ai.aura.query.understood.v1',
    'profile-style',
    'publish ai.aura.style.profiled.v1',
    'combine-outfits',
    'publish ai.aura.outfits.combined.v1',
    'make-recommendations',
    'publish ai.aura.recommendations.made.v1',
    'track saga',
    'publish ai.aura.saga.completed.v1',
  ],
} as const;
