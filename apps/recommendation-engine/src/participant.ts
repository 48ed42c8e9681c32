import type { ParticipantDefinition } from '@aura/workflow';
import { holdStock } from './actions/hold-stock';
import { makeRecommendations } from './actions/make-recommendations';
import { receiveStock } from './actions/receive-stock';
import { releaseStock } from './actions/release-stock';
import { sellStock } from './actions/sell-stock';

/** The service that recommends, and keeps the stock of what it recommends. */
export function recommendationEngineParticipant(): ParticipantDefinition {
  return {
    name: 'recommendation-engine',
    version: '1.0.0',
    actions: [makeRecommendations, receiveStock, holdStock, releaseStock, sellStock],
  };
}
