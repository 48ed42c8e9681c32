import type { Clock, Journal } from '@aura/kernel';
import type { ParticipantDefinition } from '@aura/workflow';
import { profileStyle } from './actions/profile-style';
import { onStyleProfiled } from './history/on-style-profiled';
import { ProfileJournal } from './history/profile-journal';

/** What the service needs: its own journal, and the time. */
export interface StyleProfileDependencies {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** The service that knows people's styles. Its history is a projection of the profiles that it made itself. */
export function styleProfileParticipant({ journal, clock }: StyleProfileDependencies): ParticipantDefinition {
  const profiles = new ProfileJournal(journal, clock);
  return {
    name: 'style-profile',
    version: '1.0.0',
    actions: [profileStyle(profiles)],
    subscriptions: [onStyleProfiled(profiles)],
  };
}
