export { styleProfileParticipant } from './participant';
export type { StyleProfileDependencies } from './participant';
export { profileStyle, profileStyleInput } from './actions/profile-style';
export { ProfileJournal } from './history/profile-journal';
export { styleProfileModule } from './module';
