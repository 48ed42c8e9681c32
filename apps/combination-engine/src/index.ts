export { combinationEngineParticipant } from './participant';
export { combineOutfits, combineOutfitsInput } from './actions/combine-outfits';
export { combinationEngineModule } from './module';
