export {
  CRASHED_QUEUE,
  DELIVERY_LIMIT,
  EVENTS_EXCHANGE,
  DEAD_LETTERS_QUEUE,
  largestEnvelope,
  MAX_ENVELOPE_BYTES,
  RETURNS_BEFORE_ALONE,
  STEPS_EXCHANGE,
} from './bus';
export type {
  Binding,
  BusHealth,
  Consumer,
  DecodeError,
  Delivery,
  Destination,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
  QueueKind,
  TellingJournal,
  TellingResult,
  TellingRow,
  TransportHeaders,
} from './bus';
export { BusFullError, UnroutableError } from './bus-errors';
export { tellingJournal } from './telling-journal';
export type {
  FastStores,
  Inbox,
  JoinArrival,
  JoinSets,
  RateLimits,
  Registry,
  ResultCache,
} from './fast-stores';
export {
  COORDINATOR_QUEUE,
  COORDINATOR_SOURCE,
  eventKey,
  INGRESS_QUEUE,
  participantKey,
  participantQueue,
  participantSource,
  trackerQueue,
} from './binding-keys';
export { claimData, claimedData, isClaimed, withData } from './payload/claimed-event';
export { MOST_INLINE_BYTES } from './payload/inline-bound';
export { payloadBus } from './payload/payload-bus';
export { DONE, leaveNothing, merged, together } from './pipeline/outcome';
export type {
  Dead,
  Done,
  Dropped,
  Held,
  Many,
  OnDead,
  Outcome,
  Retry,
  RetrySchedule,
} from './pipeline/outcome';
export { compose } from './pipeline/middleware';
export type { DeliveryContext, Handler, Middleware } from './pipeline/middleware';
export { errorRecordOf } from './pipeline/error-record';
export { failures, heldByStore, outcomeOfThrown, retryDelayMs } from './pipeline/failures';
export { RareWarning } from './rare-warning';
export { VainTries } from './vain-tries';
export type { OutageWatch } from './pipeline/failures';
export { consumeThrough } from './pipeline/pipeline';
export type { ConsumerOptions } from './pipeline/pipeline';
export { aboutEvent } from './pipeline/delivery-report';
export type { DefinitionName } from './pipeline/delivery-report';
export { ObservedBus } from './observed-bus';
export type { BusObservation } from './observed-bus';
export { isSampled, traceContextOf, traceIdOf } from './tracing/trace-context';
export type { TraceContext } from './tracing/trace-context';
export { eventAttributes, failSpan, isTracing, startSpan } from './tracing/spans';
export type { SpanWish } from './tracing/spans';
export { deliverySpan } from './tracing/delivery-span';
export type { DeliverySpanWords } from './tracing/delivery-span';
export { TimeLimitError, withTimeLimit } from './pipeline/time-limit';
export type { SignalSource } from './pipeline/time-limit';
export { NO_OUTAGE, OUTAGE_DEFAULTS, OutageBreaker } from './pipeline/outage';
export type { OutageListener, OutageOptions } from './pipeline/outage';
