export { connect } from './client';
export type { ConnectOptions } from './client';
export type {
  AuraClient,
  CancelOptions,
  DefinitionOptions,
  MendOptions,
  DropOptions,
  RerunOptions,
  DecideOptions,
  TransactionFilter,
  SagaFilter,
  StartOptions,
} from './aura-client';
export {
  AuraClientError,
  AuraProblemError,
  AuraUnreachableError,
  ImageTooLargeError,
  isAuraClientError,
  SagaNotCompletedError,
  UnexpectedAnswerError,
} from './errors';
export type { ImageContent } from './image-content';
export { sagaStatusOf } from './saga-feed';
export type { FeedOptions, SagaEvent } from './saga-feed';
export type { AbortOption, CompletedSaga, EndedSaga, SagaHandle, StartedSaga } from './saga-handle';
export type { AnyWorkflows, WorkflowMap, WorkflowTypes } from './workflow-types';
export type { Fetch } from './transport';
export { fashionAnalysis, hasEnded, imageTypeOf, moneyText, readyAnswer } from '@aura/contracts';
export type {
  CancelledSaga,
  CompensatedSaga,
  CompensationPlan,
  RebuildReport,
  RebuiltViews,
  RerunPlan,
  Standing,
  UnclaimedEvent,
  TransactionDetail,
  TransactionSummary,
  DefinitionProblem,
  DefinitionSummary,
  ErrorRecord,
  ExecuteAccepted,
  FailedSaga,
  FashionAnalysis,
  HealthAnswer,
  ImageAccepted,
  JsonObject,
  JsonValue,
  Outfit,
  PaletteColour,
  ParticipantList,
  ProblemDetails,
  ReadyAnswer,
  Recommendation,
  SagaDetail,
  SagaFeedEntry,
  SagaList,
  SagaStanding,
  SagaStatus,
  SagaSummary,
  StepDetail,
  StepStatus,
  StyleProfile,
  UndoDetail,
  WhyAnswer,
  WorkflowTemplate,
} from '@aura/contracts';
