export type { ComposeOptions, RunningAura } from './compose';
export { startEmbedded } from './start-embedded';
export type { EmbeddedAuraOptions } from './start-embedded';
export { startOnServers } from './start-on-servers';
export type { ServerAuraOptions } from './start-on-servers';
export { hostTelemetry } from './host-telemetry';
export type { Telemetry } from '@aura/telemetry';
