import { childrenOf } from './syntax-tree';
import type { Expr } from './syntax-tree';

/** A path from a root, e.g. `['steps', 'analyse', 'output', 'palette']`. What stands behind it counts as read, too. */
export type ReadPath = readonly string[];

/** What an expression reads, and the names in it that nobody knows. */
export interface Reads {
  readonly paths: readonly ReadPath[];
  readonly unknown: readonly string[];
}

/** Names of CEL's types, as in `type(input.x) == string`. */
const TYPE_NAMES = new Set([
  'bool',
  'bytes',
  'double',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
]);

interface Step {
  readonly operand: Expr;
  readonly member: string;
}

function constantText(expr: Expr | undefined): string | undefined {
  if (expr?.exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = expr.exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : undefined;
}

/** `operand.member` or `operand["member"]`. */
function memberAccess(expr: Expr): Step | undefined {
  const kind = expr.exprKind;
  if (kind.case === 'selectExpr' && kind.value.operand !== undefined) {
    return { operand: kind.value.operand, member: kind.value.field };
  }
  if (kind.case !== 'callExpr' || kind.value.function !== '_[_]') return undefined;
  const [operand, index] = kind.value.args;
  const member = constantText(index);
  return operand === undefined || member === undefined ? undefined : { operand, member };
}

/** The path that a chain of member accesses makes, when it begins with a free name. */
export function pathOf(expr: Expr, bound: ReadonlySet<string>): ReadPath | undefined {
  if (expr.exprKind.case === 'identExpr') {
    const { name } = expr.exprKind.value;
    return bound.has(name) ? undefined : [name.replace(/^\./, '')];
  }
  const access = memberAccess(expr);
  const before = access === undefined ? undefined : pathOf(access.operand, bound);
  return access === undefined || before === undefined ? undefined : [...before, access.member];
}

function collect(expr: Expr, bound: ReadonlySet<string>, found: ReadPath[]): void {
  const path = pathOf(expr, bound);
  if (path !== undefined) {
    found.push(path);
    return;
  }
  for (const child of childrenOf(expr)) {
    const inner = child.binds.length === 0 ? bound : new Set([...bound, ...child.binds]);
    collect(child.expr, inner, found);
  }
}

function isPrefix(shorter: ReadPath, longer: ReadPath): boolean {
  return shorter.length < longer.length && shorter.every((part, at) => longer[at] === part);
}

function distinct(paths: readonly ReadPath[]): readonly ReadPath[] {
  const byText = new Map(paths.map((path) => [JSON.stringify(path), path]));
  const all = [...byText.values()];
  return all.filter((path) => !all.some((other) => isPrefix(other, path)));
}

/**
 * The paths an expression reads below its roots. Where a member is chosen by a value that is known only later
 * (`input[steps.a.output.key]`), everything before it counts as read.
 */
export function readsOf(expr: Expr, roots: readonly string[]): Reads {
  const found: ReadPath[] = [];
  collect(expr, new Set(), found);
  const paths = distinct(found);
  const isRoot = (path: ReadPath) => roots.includes(path[0] ?? '');
  return {
    paths: paths.filter(isRoot),
    unknown: paths
      .filter((path) => !isRoot(path) && !(path.length === 1 && TYPE_NAMES.has(path[0] ?? '')))
      .map((path) => path[0] ?? ''),
  };
}
