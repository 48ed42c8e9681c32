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
export { hasEnded } from '@aura/contracts';
export type {
  DefinitionProblem,
  DefinitionSummary,
  ErrorRecord,
  ExecuteAccepted,
  HealthAnswer,
  ImageAccepted,
  JsonObject,
  JsonValue,
  ProblemDetails,
  SagaDetail,
  SagaFeedEntry,
  SagaStatus,
  StepDetail,
  StepStatus,
  WhyAnswer,
} from '@aura/contracts';
