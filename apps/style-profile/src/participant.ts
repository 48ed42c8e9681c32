import type { Clock, Journal } from '@aura/kernel';
import type { ParticipantDefinition } from '@aura/workflow';
import { captureBudget } from './actions/capture-budget';
import { fundAccount } from './actions/fund-account';
import { holdBudget } from './actions/hold-budget';
import { profileStyle } from './actions/profile-style';
import { releaseBudget } from './actions/release-budget';
import { onStyleProfiled } from './history/on-style-profiled';
import { ProfileJournal } from './history/profile-journal';

/** What the service needs: its own journal, and the time. */
export interface StyleProfileDependencies {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** The service that knows people: their styles, a projection of the profiles that it made itself, and their accounts. */
export function styleProfileParticipant({ journal, clock }: StyleProfileDependencies): ParticipantDefinition {
  const profiles = new ProfileJournal(journal, clock);
  return {
    name: 'style-profile',
    version: '1.0.0',
    actions: [profileStyle(profiles), fundAccount, holdBudget, releaseBudget, captureBudget],
    subscriptions: [onStyleProfiled(profiles)],
  };
}
