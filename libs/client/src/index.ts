export { connect } from './client';
export type { AuraClient, ConnectOptions, DefinitionOptions, StartOptions } from './client';
export {
  AuraClientError,
  AuraProblemError,
  AuraUnreachableError,
  isAuraClientError,
  SagaNotCompletedError,
  UnexpectedAnswerError,
} from './errors';
export { isSettled, sagaStatusOf } from './saga-feed';
export type { FeedOptions } from './saga-feed';
export type { AbortOption, SagaHandle, StartedSaga } from './saga-handle';
export type { Fetch } from './transport';
export { fashionAnalysis, hasEnded } from '@aura/contracts';
export type {
  DefinitionProblem,
  DefinitionSummary,
  ErrorRecord,
  ExecuteAccepted,
  FashionAnalysis,
  HealthAnswer,
  ImageAccepted,
  JsonObject,
  JsonValue,
  Outfit,
  PaletteColour,
  ProblemDetails,
  Recommendation,
  SagaDetail,
  SagaFeedEntry,
  SagaStatus,
  StepDetail,
  StepStatus,
  StyleProfile,
  WhyAnswer,
} from '@aura/contracts';
