export { AuraEvents } from './aura-events';
export type { AuraEventsOptions } from './aura-events';
export { AuraEventContext } from './aura-event-context';
export { connectAura } from './connect-aura';
export { KeepsErrors } from './keeps-errors';
