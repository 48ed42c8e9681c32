import type { CelEnv } from '@bufbuild/cel';
import { childrenOf } from './syntax-tree';
import type { Expr } from './syntax-tree';

/** What the planner knows without a function: operators with an evaluation of their own. */
const BUILT_IN = new Set(['_[_]', '_?_:_', '_&&_', '_||_', '@not_strictly_false', '__not_strictly_false__']);

function ownUnknown(expr: Expr, env: CelEnv): readonly string[] {
  if (expr.exprKind.case === 'structExpr' && expr.exprKind.value.messageName !== '') {
    return [expr.exprKind.value.messageName];
  }
  if (expr.exprKind.case !== 'callExpr') return [];
  const name = expr.exprKind.value.function;
  return BUILT_IN.has(name) || env.funcs.find(name) !== undefined ? [] : [name];
}

/** Names of functions and message types that are called but do not exist. */
export function unknownFunctions(expr: Expr, env: CelEnv): readonly string[] {
  return [
    ...ownUnknown(expr, env),
    ...childrenOf(expr).flatMap(({ expr: child }) => unknownFunctions(child, env)),
  ];
}
