import type { ParticipantDefinition } from '@aura/workflow';
import { combineOutfits } from './actions/combine-outfits';
import { priceLook } from './actions/price-look';
import { removeOutfit } from './actions/remove-outfit';
import { saveOutfit } from './actions/save-outfit';

/** The service that combines outfits and keeps those that people save; its catalogue is part of its release. */
export function combinationEngineParticipant(): ParticipantDefinition {
  return {
    name: 'combination-engine',
    version: '1.0.0',
    actions: [combineOutfits, priceLook, saveOutfit, removeOutfit],
  };
}
