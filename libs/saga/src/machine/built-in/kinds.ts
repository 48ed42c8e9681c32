import type { BuiltIn } from '@aura/workflow';
import type { BuiltInKind } from './built-in-kind';
import { sagaKind } from './saga-kind';
import { transactionKind } from './transaction-kind';
import { waitKind } from './wait-kind';

const KINDS: Readonly<Record<BuiltIn['type'], BuiltInKind>> = {
  wait: waitKind,
  transaction: transactionKind,
  saga: sagaKind,
};

/** How steps of a built-in type live in the coordinator. */
export function kindOf({ type }: Pick<BuiltIn, 'type'>): BuiltInKind {
  return KINDS[type];
}
