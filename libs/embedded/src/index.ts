export { openEmbedded } from './open-embedded';
export type { Embedded } from './open-embedded';
export type { EmbeddedBus } from './bus/embedded-bus';
export type { RawEnvelope } from './bus/message';
export type { EmbeddedOptions } from './store/options';
export { systemWorld } from './system-world';
