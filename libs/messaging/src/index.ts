export { CRASHED_QUEUE, EVENTS_EXCHANGE, STEPS_EXCHANGE } from './bus';
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
  TransportHeaders,
} from './bus';
export { BusFullError, UnroutableError } from './bus-errors';
export type {
  FastStores,
  Inbox,
  JoinArrival,
  JoinSets,
  RateLimits,
  Registry,
  ResultCache,
} from './fast-stores';
