import { participantModule } from '@aura/nest';
import { openingAccountRows } from './account/opening-accounts';
import { styleProfileParticipant } from './participant';

/** The service as a Nest module; it keeps people's histories and accounts in its own journal. */
export const styleProfileModule = participantModule({
  name: 'style-profile',
  participant: ({ journal, world }) => styleProfileParticipant({ journal, clock: world.clock }),
  opening: openingAccountRows,
});
