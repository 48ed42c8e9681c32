import type { ActionDescription } from '@aura/contracts';

/** An action as somebody offers it. */
export type OfferedAction = ActionDescription & { readonly participant: string };

/** Every action that is offered, by name. */
export type ActionCatalogue = ReadonlyMap<string, OfferedAction>;
