import type { DraftStep } from '../parse-definition';
import type { BuiltInCompiler } from './built-in-compiler';
import { compileSaga } from './saga';
import { compileTransaction } from './transaction';
import { compileWait } from './wait';

/** Types of steps that live in the coordinator, each with the member of the step that says more about it. */
export const BUILT_IN_TYPES = ['wait', 'transaction', 'saga'] as const;

/** A type of steps that live in the coordinator. */
export type BuiltInType = (typeof BUILT_IN_TYPES)[number];

const COMPILERS: Readonly<Record<BuiltInType, BuiltInCompiler>> = {
  wait: compileWait,
  transaction: compileTransaction,
  saga: compileSaga,
};

/** Whether steps of a type live in the coordinator. */
export function isBuiltInType(type: string): type is BuiltInType {
  return BUILT_IN_TYPES.some((known) => known === type);
}

/** How a step is compiled that lives in the coordinator; undefined for a command. */
export function builtInCompilerOf({ type }: Pick<DraftStep, 'type'>): BuiltInCompiler | undefined {
  return isBuiltInType(type) ? COMPILERS[type] : undefined;
}
