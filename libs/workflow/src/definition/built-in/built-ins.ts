import type { DraftStep } from '../parse-definition';
import type { BuiltInCompiler } from './built-in-compiler';
import { isBuiltInType } from './built-in-type';
import type { BuiltInType } from './built-in-type';
import { compileSaga } from './saga';
import { compileTransaction } from './transaction';
import { compileWait } from './wait';

const COMPILERS: Readonly<Record<BuiltInType, BuiltInCompiler>> = {
  wait: compileWait,
  transaction: compileTransaction,
  saga: compileSaga,
};

/** How a step is compiled that lives in the coordinator; undefined for a command. */
export function builtInCompilerOf({ type }: Pick<DraftStep, 'type'>): BuiltInCompiler | undefined {
  return isBuiltInType(type) ? COMPILERS[type] : undefined;
}
