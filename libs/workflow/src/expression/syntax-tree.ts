import type { parse } from '@bufbuild/cel';

/** A node of CEL's syntax tree. */
export type Expr = ReturnType<typeof parse>['expr'];

/** The variables that a node brings in for some of its children. */
export interface Child {
  readonly expr: Expr;
  readonly binds: readonly string[];
}

function present(exprs: readonly (Expr | undefined)[], binds: readonly string[] = []): readonly Child[] {
  return exprs.flatMap((expr) => (expr === undefined ? [] : [{ expr, binds }]));
}

function structChildren(kind: Extract<Expr['exprKind'], { case: 'structExpr' }>): readonly Child[] {
  return kind.value.entries.flatMap((entry) =>
    present([entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, entry.value]),
  );
}

function comprehensionChildren(
  kind: Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>,
): readonly Child[] {
  const { iterRange, accuInit, loopCondition, loopStep, result, iterVar, iterVar2, accuVar } = kind.value;
  return [
    ...present([iterRange, accuInit]),
    ...present([loopCondition, loopStep], [iterVar, iterVar2, accuVar]),
    ...present([result], [accuVar]),
  ];
}

/** The direct children of a node, with the variables that are bound in each. */
export function childrenOf(expr: Expr): readonly Child[] {
  const kind = expr.exprKind;
  switch (kind.case) {
    case 'selectExpr':
      return present([kind.value.operand]);
    case 'callExpr':
      return present([kind.value.target, ...kind.value.args]);
    case 'listExpr':
      return present(kind.value.elements);
    case 'structExpr':
      return structChildren(kind);
    case 'comprehensionExpr':
      return comprehensionChildren(kind);
    default:
      return [];
  }
}

/** Number of nodes, and how deep comprehensions (`exists`, `all`, `map`, `filter`) are nested. */
export function sizeOf(expr: Expr): { readonly nodes: number; readonly nesting: number } {
  let nodes = 1;
  let nesting = 0;
  for (const { expr: child } of childrenOf(expr)) {
    const size = sizeOf(child);
    nodes += size.nodes;
    nesting = Math.max(nesting, size.nesting);
  }
  return { nodes, nesting: nesting + (expr.exprKind.case === 'comprehensionExpr' ? 1 : 0) };
}
