import { outfitsCombined, outfitSelection, queryUnderstanding, styleProfile } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';
import { CATALOGUE } from '../catalogue/catalogue';
import { combine } from '../domain/combine';
import { whyEmpty } from '../domain/why-empty';

/** Input of `combine-outfits`: whose taste, and what is asked for, if anything. */
export const combineOutfitsInput = z.object({ profile: styleProfile, query: queryUnderstanding.optional() });

/** Combines outfits from the catalogue that ships with the service; pure, because that catalogue never changes. */
export const combineOutfits = defineAction({
  name: 'combine-outfits',
  description:
    'Combines pieces of the catalogue to outfits by rules of colour harmony, within what the query asks.',
  kind: 'pure',
  input: combineOutfitsInput,
  output: outfitSelection,
  emits: outfitsCombined.type,
  run: ({ profile, query }) => {
    const outfits = [...combine(CATALOGUE, profile, query)];
    return {
      output: outfits.length > 0 ? { outfits } : { outfits, emptyBecause: whyEmpty(CATALOGUE, query) },
    };
  },
});
