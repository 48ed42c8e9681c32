import type { Action, ResourceType } from './action';

/** The resource types of some actions, by name. */
export function resourceTypes(actions: readonly Action[]): ReadonlyMap<string, ResourceType> {
  const types = actions.flatMap((action) => ('resources' in action ? action.resources : []));
  return new Map(types.map((type) => [type.name, type]));
}
