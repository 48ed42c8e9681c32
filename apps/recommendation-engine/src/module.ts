import { participantModule } from '@aura/nest';
import { recommendationEngineParticipant } from './participant';
import { openingStockRows } from './stock/opening-stock';

/** The service as a Nest module; it keeps the stock in its own journal. */
export const recommendationEngineModule = participantModule({
  name: 'recommendation-engine',
  participant: recommendationEngineParticipant,
  opening: openingStockRows,
});
