import { participantModule } from '@aura/nest';
import { combinationEngineParticipant } from './participant';

/** The service as a Nest module. */
export const combinationEngineModule = participantModule({
  name: 'combination-engine',
  participant: combinationEngineParticipant,
});
