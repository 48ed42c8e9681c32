import type { ParticipantDefinition } from '@aura/workflow';
import { combineOutfits } from './actions/combine-outfits';

/** The service that combines outfits. It keeps nothing: its catalogue is part of its release. */
export function combinationEngineParticipant(): ParticipantDefinition {
  return { name: 'combination-engine', version: '1.0.0', actions: [combineOutfits] };
}
