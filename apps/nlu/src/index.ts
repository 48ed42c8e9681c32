export { nluParticipant } from './participant';
export { understandQuery, understandQueryInput } from './actions/understand-query';
export { nluModule } from './module';
