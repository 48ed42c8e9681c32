export { AURA_RUNTIME } from './runtime/runtime';
export type { AuraRuntime, OwnStores, WorkLimits } from './runtime/runtime';
export { runtimeModule } from './runtime/runtime-module';
export { participantModule } from './participant-module';
export type { ParticipantModuleOptions } from './participant-module';
export { openEmbeddedRuntime } from './runtime/embedded-runtime';
export type { EmbeddedRuntime, EmbeddedRuntimeOptions } from './runtime/embedded-runtime';
export { environmentOf, serverEnvironment } from './runtime/server-environment';
export type { ServerEnvironment } from './runtime/server-environment';
export { openServerRuntime, ServerConnections } from './runtime/server-runtime';
export type { ServerRuntimeOptions } from './runtime/server-runtime';
export { auditEmbedded } from './audit/audit-embedded';
export { markEmbedded } from './restore/mark-embedded';
export { markServers } from './restore/mark-servers';
export { auditServers } from './audit/audit-servers';
export type { AuditReport } from '@aura/saga';
export { readSettings } from './settings/read-settings';
export type { GivenSettings } from './settings/read-settings';
export { doorSettings, serverSettings, serviceSettings, wholeNumber } from './settings/service-settings';
export type { DoorSettings, ServiceSettings } from './settings/service-settings';
export { Authenticator, OPERATOR } from './auth/authenticator';
export type { AuthSettings } from './auth/authenticator';
export { ForbiddenError, UnauthenticatedError } from './auth/auth-errors';
export { actorOfRequest, guardDoor } from './auth/guard-door';
export { OPEN, Open } from './auth/open';
export { localActor } from './auth/local-actor';
export { isLoopback, requireSafeBinding } from './auth/safe-binding';
export type { Dependency } from './health/dependency';
export { healthModule } from './health/health-module';
export type { HealthSource } from './health/health-source';
export type { MetricsSource } from './health/metrics-source';
export { Readiness } from './health/readiness';
export { listen } from './door/listen';
export type { ListenOptions } from './door/listen';
export { openDoor } from './door/open-door';
export type { Door, DoorSource } from './door/open-door';
export { processTelemetry } from './process/process-telemetry';
export type { ProcessTelling } from './process/process-telemetry';
export { ProcessExit, runProcess } from './process/run-process';
export type { StartedProcess } from './process/run-process';
export { runServiceProcess, startService } from './process/service-process';
export type { ServiceProcess } from './process/service-process';
export { untilStopped } from './process/until-stopped';
export { Work } from './process/work';
export { asLog, lineLog } from './line-log';
export type { WriteLine } from './line-log';
export { AURA_VERSION } from './version';
export { AuraModule } from './service/aura-module';
export type { AuraAsyncOptions } from './service/aura-module';
export { auraSettings } from './service/aura-options';
export type { ActionList, ActionsGiven, AuraOptions } from './service/aura-options';
export { AuraHealth } from './service/aura-health';
export type { AuraHealthResult } from './service/aura-health';
export { AuraPublisher } from './service/aura-publisher';
export type { DomainEvent } from './service/aura-publisher';
export { openJoinedRuntime } from './runtime/joined-runtime';
export type { JoinedRuntimeOptions } from './runtime/joined-runtime';
// A service author needs this package alone.
export { defineAction } from '@aura/workflow';
export type {
  Action,
  ActionContext,
  ActionResult,
  ComputedAction,
  ForeignAction,
  ParticipantDefinition,
  PlainEvent,
  ResourceAction,
  ResourceClaim,
  ResourceType,
  StatefulAction,
  Subscription,
  UndoCall,
} from '@aura/workflow';
export { BusinessError, isAuraError, TerminalError } from '@aura/kernel';
export type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
export { z } from 'zod';
export { NODE_FLAGS } from './runtime/node-flags';
