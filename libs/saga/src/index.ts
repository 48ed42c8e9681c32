export type {
  Actor,
  CancelRefusal,
  CancelRequest,
  Coordinator,
  DropRequest,
  DecideRequest,
  ForgetRequest,
  InDoubtBoard,
  MendRefusal,
  MendRequest,
  RerunRefusal,
  RerunRequest,
  RetireRefusal,
  RetireRequest,
  SagaCursor,
  SagaPage,
  SagaQuery,
  StartRefusal,
  StartRequest,
  Template,
  TransactionQueryRequest,
  TransactionRefusal,
} from './coordinator';
export { startCoordinator } from './engine/coordinator-engine';
export type { RunningCoordinator } from './engine/coordinator-engine';
export { MOST_PARTITIONS } from './engine/partition-count';
export { COORDINATOR_DEFAULTS } from './engine/ports';
export type { CoordinatorOptions, CoordinatorPorts } from './engine/ports';
export { markRestored } from './engine/mark-restored';
export type { RestoredStore } from './engine/mark-restored';
export type { Restoration } from './engine/store-incarnations';
export type { Incarnation } from './transaction/incarnation';
export { traceOfSaga } from './engine/trace-of-saga';
export { audit } from './audit/audit';
export type { AuditedJournals } from './audit/audit';
export type { AuditReport, Count, Discrepancy, Sum } from './audit/audit-report';
export { confirmedAudit } from './audit/confirmed-audit';
