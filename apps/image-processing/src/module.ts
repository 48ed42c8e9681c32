import { participantModule } from '@aura/nest';
import { imageProcessingParticipant } from './participant';

/** The service as a Nest module. */
export const imageProcessingModule = participantModule({
  name: 'image-processing',
  participant: imageProcessingParticipant,
});
