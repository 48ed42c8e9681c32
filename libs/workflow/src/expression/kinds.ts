import { pathOf } from './reads';
import type { ReadPath } from './reads';
import type { Expr } from './syntax-tree';

/** What kind of JSON a value is; all numbers are one. */
export type Kind = 'boolean' | 'number' | 'text' | 'list' | 'object';

/** The kind of what stands at a path; undefined: it may be of several, or nobody knows. */
export type KindOf = (path: ReadPath) => Kind | undefined;

/** As they are called in messages. */
const NAMES: Readonly<Record<Kind, string>> = {
  boolean: 'true or false',
  number: 'a number',
  text: 'a text',
  list: 'a list',
  object: 'an object',
};

type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];

/** What an operator takes, and what it gives. */
interface Signature {
  /** Operands of one of these kinds; absent: of any. */
  readonly takes?: readonly Kind[];
  /** Operands are of one kind. */
  readonly isAlike?: true;
  /** Absent: the kind of its operands. */
  readonly gives?: Kind;
}

const LOGIC: Signature = { takes: ['boolean'], gives: 'boolean' };
const ORDER: Signature = { takes: ['boolean', 'number', 'text'], isAlike: true, gives: 'boolean' };
const ANY_TEST: Signature = { gives: 'boolean' };
const NUMBERS: Signature = { takes: ['number'], gives: 'number' };

/** The operators whose kinds are known whatever stands around them. Subtraction is left out: times can be subtracted as well. */
const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...['_&&_', '_||_', '!_'].map((name) => [name, LOGIC] as const),
  ...['_<_', '_<=_', '_>_', '_>=_'].map((name) => [name, ORDER] as const),
  ...['_==_', '_!=_', '@in', 'startsWith', 'endsWith', 'contains', 'matches'].map(
    (name) => [name, ANY_TEST] as const,
  ),
  ...['_*_', '_/_', '_%_'].map((name) => [name, NUMBERS] as const),
  ['_+_', { takes: ['number', 'text', 'list'], isAlike: true }],
  ['size', { gives: 'number' }],
]);

/** Thrown inside this module where kinds do not go together. */
class Clash extends Error {}

/**
 * Why an expression can never be a condition, by the kinds of what it reads; undefined when it may be one. Judges only
 * what is known for sure: of what may be of several kinds the evaluation tells.
 */
export function conditionMisfit(expr: Expr, kindOf: KindOf): string | undefined {
  try {
    const kind = kindIn(expr, kindOf);
    if (kind === undefined || kind === 'boolean') return undefined;
    return `gives ${NAMES[kind]}, and a condition gives true or false`;
  } catch (error) {
    if (error instanceof Clash) return error.message;
    throw error;
  }
}

function kindIn(expr: Expr, kindOf: KindOf): Kind | undefined {
  const path = pathOf(expr, new Set());
  const kind = expr.exprKind;
  if (kind.case === 'selectExpr' && kind.value.testOnly) return 'boolean';
  if (path !== undefined) return kindOf(path);
  switch (kind.case) {
    case 'constExpr':
      return kindOfConstant(kind.value.constantKind.case);
    case 'listExpr':
      return 'list';
    case 'structExpr':
      return 'object';
    case 'callExpr':
      return kindOfCall(kind.value, kindOf);
    default:
      return undefined;
  }
}

function kindOfConstant(name: string | undefined): Kind | undefined {
  switch (name) {
    case 'boolValue':
      return 'boolean';
    case 'stringValue':
      return 'text';
    case 'int64Value':
    case 'uint64Value':
    case 'doubleValue':
      return 'number';
    default:
      return undefined;
  }
}

function kindOfCall({ function: name, target, args }: Call, kindOf: KindOf): Kind | undefined {
  const operands = (target === undefined ? args : [target, ...args]).map((one) => kindIn(one, kindOf));
  if (name === '_?_:_') return kindOfChoice(operands);
  const signature = SIGNATURES.get(name);
  if (signature === undefined) return undefined;
  const known = operands.filter((kind) => kind !== undefined);
  demand(name, signature, known);
  return signature.gives ?? known[0];
}

function kindOfChoice([condition, left, right]: readonly (Kind | undefined)[]): Kind | undefined {
  demand('_?_:_', LOGIC, condition === undefined ? [] : [condition]);
  return left === right ? left : undefined;
}

function demand(name: string, { takes, isAlike }: Signature, known: readonly Kind[]): void {
  const sign = name.replaceAll('_', '');
  const wrong = takes && known.find((kind) => !takes.includes(kind));
  if (wrong !== undefined) throw new Clash(`has ${NAMES[wrong]} where "${sign}" takes none`);
  const [first, other] = [known[0], known.find((kind) => kind !== known[0])];
  if (isAlike === true && first !== undefined && other !== undefined)
    throw new Clash(`has ${NAMES[first]} and ${NAMES[other]} on the two sides of "${sign}"`);
}
