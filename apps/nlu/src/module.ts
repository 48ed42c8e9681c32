import { participantModule } from '@aura/nest';
import { nluParticipant } from './participant';

/** The service as a Nest module. */
export const nluModule = participantModule({ name: 'nlu', participant: nluParticipant });
