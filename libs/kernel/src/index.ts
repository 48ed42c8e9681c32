export type { Cancel, Clock, Randomness, Scheduler, World } from './clock';
export type { JournalReader, StreamsQuery } from './journal-reader';
export type { AppendResult, Journal, JournalRow, Snapshot, StreamHead } from './journal';
export type {
  FieldCondition,
  FieldValue,
  ViewDefinition,
  ViewQuery,
  ViewRecord,
  ViewStore,
  ViewStores,
} from './views';
export type { Lease, LeaseStore } from './leases';
export type { ClaimCheck } from './claim-check';
export type { Result } from './result';
export { err, never, ok } from './result';
export { closeInOrder } from './close-in-order';
export {
  AuraError,
  BusinessError,
  isAuraError,
  PayloadTooLargeError,
  StoreUnavailableError,
  TerminalError,
  UnsafeSetupError,
} from './errors';
export type { AuraErrorOptions } from './errors';
export {
  decisionId,
  newSagaId,
  sagaIdOfChild,
  sagaIdOfKey,
  sagaIdOfTrigger,
  sagaStream,
  branchKey,
  transactionId,
  transactionKey,
  transactionStream,
  stepEventId,
  stepStream,
} from './ids';
export type { StepKey } from './ids';
export { NO_LOG } from './log';
export type { Log, LogFields, LogLevel } from './log';
export { NO_METER } from './meter';
export type { Counter, Histogram, Meter } from './meter';
export { METRICS } from './metrics';
export type {
  CounterName,
  GaugeName,
  HistogramName,
  LabelsOf,
  MetricDefinition,
  MetricName,
} from './metrics';
export { MOST_STATE_CHARACTERS, stateSizeOf } from './state-size';
export { MOST_ROW_CHARACTERS, rowTooLarge } from './row-bound';
