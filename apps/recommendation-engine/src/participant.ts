import type { ParticipantDefinition } from '@aura/workflow';
import { makeRecommendations } from './actions/make-recommendations';

/** The service that recommends. It keeps nothing. */
export function recommendationEngineParticipant(): ParticipantDefinition {
  return { name: 'recommendation-engine', version: '1.0.0', actions: [makeRecommendations] };
}
