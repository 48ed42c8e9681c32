import { participantModule } from '@aura/nest';
import { recommendationEngineParticipant } from './participant';

/** The service as a Nest module. */
export const recommendationEngineModule = participantModule({
  name: 'recommendation-engine',
  participant: recommendationEngineParticipant,
});
