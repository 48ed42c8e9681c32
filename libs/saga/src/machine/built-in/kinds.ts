import type { BuiltIn } from '@aura/workflow';
import type { BuiltInKind } from './built-in-kind';
import { waitKind } from './wait-kind';

const KINDS: Readonly<Record<BuiltIn['type'], BuiltInKind>> = { wait: waitKind };

/** How steps of a built-in type live in the coordinator. */
export function kindOf({ type }: BuiltIn): BuiltInKind {
  return KINDS[type];
}
