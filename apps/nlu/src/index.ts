export { nluParticipant } from './participant';
export { understandQuery, understandQueryInput } from './actions/understand-query';
