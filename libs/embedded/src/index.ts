export { openEmbedded } from './open-embedded';
export type { Embedded } from './open-embedded';
export type { EmbeddedBus } from './bus/embedded-bus';
export type { RawEnvelope } from './bus/message';
export { FolderClaimCheck } from './claims/folder-claim-check';
export { SqliteJournal } from './journal/sqlite-journal';
export { EmbeddedStore } from './store/embedded-store';
export type { EmbeddedOptions } from './store/options';
export { systemWorld } from './system-world';
