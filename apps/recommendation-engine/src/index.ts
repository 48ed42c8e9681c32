export { recommendationEngineParticipant } from './participant';
export { makeRecommendations, makeRecommendationsInput } from './actions/make-recommendations';
export { recommendationEngineModule } from './module';
