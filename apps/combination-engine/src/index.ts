export { combinationEngineParticipant } from './participant';
export { combineOutfits, combineOutfitsInput } from './actions/combine-outfits';
export { combinationEngineModule } from './module';
export { priceLook, priceLookInput } from './actions/price-look';
export { saveOutfit, saveOutfitInput } from './actions/save-outfit';
export { removeOutfit, removeOutfitInput } from './actions/remove-outfit';
export { outfit } from './wardrobe/outfit';
export { CATALOGUE } from './catalogue/catalogue';
