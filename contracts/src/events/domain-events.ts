import { imageAnalysis } from '../fashion/image-analysis';
import { outfitSelection } from '../fashion/outfits';
import { queryUnderstanding } from '../fashion/query-understanding';
import { recommendationList } from '../fashion/recommendations';
import { styleProfile } from '../fashion/style-profile';
import { defineEvent } from './define-event';
import { stepOutput } from './step-context';

/** End of the action `analyse-image`. */
export const imageAnalysed = defineEvent(
  'ai.aura.image.analysed.v1',
  'A picture was decoded and its colours were found.',
  stepOutput(imageAnalysis),
);

/** End of the action `understand-query`. */
export const queryUnderstood = defineEvent(
  'ai.aura.query.understood.v1',
  'What somebody asked for was put into terms of the domain.',
  stepOutput(queryUnderstanding),
);

/** End of the action `profile-style`. */
export const styleProfiled = defineEvent(
  'ai.aura.style.profiled.v1',
  'A style profile was made from a picture and what is known of the person.',
  stepOutput(styleProfile),
);

/** End of the action `combine-outfits`. */
export const outfitsCombined = defineEvent(
  'ai.aura.outfits.combined.v1',
  'Outfits were combined from the catalogue by rules of colour harmony.',
  stepOutput(outfitSelection),
);

/** End of the action `make-recommendations`. */
export const recommendationsMade = defineEvent(
  'ai.aura.recommendations.made.v1',
  'Outfits were ranked for the person, with reasons.',
  stepOutput(recommendationList),
);
