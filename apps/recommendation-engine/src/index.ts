export { recommendationEngineParticipant } from './participant';
export { makeRecommendations, makeRecommendationsInput } from './actions/make-recommendations';
export { recommendationEngineModule } from './module';
export { receiveStock, receiveStockInput } from './actions/receive-stock';
export { holdStock, holdStockInput } from './actions/hold-stock';
export { releaseStock, releaseStockInput } from './actions/release-stock';
export { sellStock, sellStockInput } from './actions/sell-stock';
export { stock } from './stock/stock';
export { OPENING_ITEMS, OPENING_UNITS, openingStockRows } from './stock/opening-stock';
