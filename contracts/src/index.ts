export type { AuraExtensions, CloudEvent, JsonObject, JsonValue } from './cloud-event';
export { digest, eventType, kebabName, snakeName } from './names';
export { personId } from './person';
export { endedSagaStatus, hasEnded, openSagaStatus, sagaStatus, stepStatus } from './saga-state';
export type { EndedSagaStatus, OpenSagaStatus, SagaStatus, StepStatus } from './saga-state';
export { defineEvent } from './events/define-event';
export type { EventData, EventDefinition } from './events/define-event';
export { stepContext, stepOutput } from './events/step-context';
export type { StepContext } from './events/step-context';
export { errorRecord } from './events/errors';
export type { ErrorRecord } from './events/errors';
export * from './events/step-events';
export * from './events/saga-events';
export * from './events/sub-saga-events';
export * from './events/transaction-events';
export * from './events/participant-events';
export { livenessOverdue } from './events/liveness-events';
export * from './events/definition-events';
export {
  imageAnalysed,
  outfitsCombined,
  queryUnderstood,
  recommendationsMade,
  styleProfiled,
} from './events/domain-events';
export {
  accountFunded,
  budgetCaptured,
  budgetHeld,
  budgetReleased,
  lookPriced,
  outfitRemoved,
  outfitSaved,
  stockHeld,
  stockReceived,
  stockReleased,
  stockSold,
} from './events/wardrobe-events';
export {
  fraction,
  hexColour,
  paletteColour,
  plainWord,
  weightedColour,
  weightedStyle,
} from './fashion/colour';
export type { PaletteColour, WeightedColour, WeightedStyle } from './fashion/colour';
export { cents, currencyCode, formality, garmentCategory, outfitItem, season } from './fashion/garment';
export type { Formality, GarmentCategory, OutfitItem, Season } from './fashion/garment';
export { moneyText } from './fashion/money-text';
export { IMAGE_TYPES, imageTypeOf } from './fashion/image-type';
export { imageAnalysis, imageFormat } from './fashion/image-analysis';
export type { ImageAnalysis, ImageFormat } from './fashion/image-analysis';
export { pieceWish } from './fashion/piece-wish';
export type { PieceWish } from './fashion/piece-wish';
export { queryUnderstanding } from './fashion/query-understanding';
export type { QueryUnderstanding } from './fashion/query-understanding';
export { contrastLevel, styleProfile, undertone } from './fashion/style-profile';
export type { ContrastLevel, StyleProfile, Undertone } from './fashion/style-profile';
export { emptyBecause, harmonyRule, outfit, outfitSelection } from './fashion/outfits';
export type { HarmonyRule, Outfit, OutfitSelection } from './fashion/outfits';
export { accountMovement, pricedLook, reservationId, savedOutfit, stockMovement } from './fashion/wardrobe';
export type { AccountMovement, PricedLook, SavedOutfit, StockMovement } from './fashion/wardrobe';
export { fashionAnalysis } from './fashion/fashion-analysis';
export type { FashionAnalysis } from './fashion/fashion-analysis';
export { recommendation, recommendationList } from './fashion/recommendations';
export type { Recommendation, RecommendationList } from './fashion/recommendations';
export * from './http';
export * from './http-compensation';
export * from './http-queries';
export * from './http-rerun';
export * from './http-liveness';
export * from './http-transactions';
export { sagaEnd } from './saga-end';
export type { CancelledSaga, CompensatedSaga, CompletedSaga, FailedSaga, SagaEnd } from './saga-end';
export { jsonValue } from './json-value';
export { eventCatalogue } from './events/event-catalogue';
export { httpCatalogue } from './http-catalogue';
export { httpRoads, openApiDocument, openApiText } from './openapi/openapi-document';
export type { OpenApiDocument } from './openapi/openapi-document';
export type { HttpRoad, RoadAnswer, RoadBody } from './openapi/road';
export { asyncApiDocument, asyncApiText } from './asyncapi/asyncapi-document';
export { jsonSchemaFiles } from './schemas/json-schemas';
export { attributeRules, requiredAttributes } from './codec/attribute-rules';
export { eventProblem } from './codec/check-event';
export { isEventText } from './codec/attribute-syntax';
export type { AttributeRule } from './codec/attribute-syntax';
export { BATCH_CONTENT_TYPE, STRUCTURED_CONTENT_TYPE } from './codec/content-type';
export type { DecodeFailure, DecodeResult } from './codec/decode-result';
export { InvalidEventError } from './codec/invalid-event-error';
export {
  decodeStructuredText,
  decodeValue,
  encodeBatch,
  encodeStructured,
  encodeStructuredText,
} from './codec/structured';
export type { StructuredMessage } from './codec/structured';
export { encodeBinary } from './codec/binary';
export type { BinaryMessage, TransportMessage } from './codec/binary';
export { decode, decodeBatch } from './codec/decode';
