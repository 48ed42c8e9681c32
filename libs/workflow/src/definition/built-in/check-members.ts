import type { JsonObject } from '@aura/contracts';
import type { Place, Problems } from '../problems';
import { BUILT_IN_TYPES } from './built-in-type';
import type { BuiltInType } from './built-in-type';

/** What says how an action is called, which a step in the coordinator does not do. */
const OF_ACTIONS = ['action', 'input', 'cache', 'retryPolicy'] as const;

/** Members of a step that do not belong to its type, and the one that it needs. */
export function checkMembers(
  raw: JsonObject,
  step: { readonly id: string; readonly type: string },
  base: Place,
  problems: Problems,
): void {
  const { id, type } = step;
  for (const name of BUILT_IN_TYPES)
    if (raw[name] !== undefined && name !== type)
      problems.add('INVALID_VALUE', [...base, name], `step "${id}" has "${name}"; write type: ${name}`);
}

/** Members that a step in the coordinator must have and must not have; whether it has the one that it needs. */
export function checkBuiltInMembers(
  raw: JsonObject,
  step: { readonly id: string; readonly type: BuiltInType },
  base: Place,
  problems: Problems,
): void {
  const { id, type } = step;
  if (raw[type] === undefined) problems.add('REQUIRED', base, `step "${id}" of type ${type} needs "${type}"`);
  for (const name of OF_ACTIONS)
    if (raw[name] !== undefined)
      problems.add(
        'INVALID_VALUE',
        [...base, name],
        `step "${id}" of type ${type} calls no action; "${name}" has no place in it`,
      );
}
