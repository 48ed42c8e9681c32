import { participantModule } from '@aura/nest';
import { styleProfileParticipant } from './participant';

/** The service as a Nest module; it keeps people's histories in its own journal. */
export const styleProfileModule = participantModule({
  name: 'style-profile',
  participant: ({ journal, world }) => styleProfileParticipant({ journal, clock: world.clock }),
});
