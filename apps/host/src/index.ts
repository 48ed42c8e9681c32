export { startEmbedded } from './start-embedded';
export type { EmbeddedAura, EmbeddedAuraOptions } from './start-embedded';
