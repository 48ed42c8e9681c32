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

const ORDER: Signature = { takes: ['boolean', 'number', 'text'], isAlike: true, gives: 'boolean' };
const ANY_TEST: Signature = { gives: 'boolean' };
const NUMBERS: Signature = { takes: ['number'], gives: 'number' };

/** The operators whose kinds are known whatever stands around them. Subtraction is left out: times can be subtracted as well. */
const SIGNATURES: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['!_', { takes: ['boolean'], gives: 'boolean' }],
  ...['_<_', '_<=_', '_>_', '_>=_'].map((name) => [name, ORDER] as const),
  ...['_==_', '_!=_', '@in', 'startsWith', 'endsWith', 'contains', 'matches'].map(
    (name) => [name, ANY_TEST] as const,
  ),
  ...['_*_', '_/_', '_%_'].map((name) => [name, NUMBERS] as const),
  ['_+_', { takes: ['number', 'text', 'list'], isAlike: true }],
  ['size', { gives: 'number' }],
]);

/** Evaluating this fails, whatever is read. */
interface Clash {
  readonly clash: string;
}

/** What is known of a value; undefined: nothing. */
type Known = Kind | Clash | undefined;

/**
 * Why an expression can never be a condition, by the kinds of what it reads; undefined when it may be one. Judges only
 * what is known for sure: of what may be of several kinds, or may not be evaluated at all, the evaluation tells.
 */
export function conditionMisfit(expr: Expr, kindOf: KindOf): string | undefined {
  const known = knownOf(expr, kindOf);
  if (isClash(known)) return known.clash;
  if (known === undefined || known === 'boolean') return undefined;
  return `gives ${NAMES[known]}, and a condition gives true or false`;
}

function knownOf(expr: Expr, kindOf: KindOf): Known {
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
      return knownOfCall(kind.value, kindOf);
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

function knownOfCall({ function: name, target, args }: Call, kindOf: KindOf): Known {
  const operands = (target === undefined ? args : [target, ...args]).map((one) => knownOf(one, kindOf));
  switch (name) {
    case '_&&_':
    case '_||_':
      return ofLogic(name, operands);
    case '_?_:_':
      return ofChoice(operands);
    default:
      return ofOperator(name, operands);
  }
}

/** Of two operands one decides alone, whatever is wrong with the other. */
function ofLogic(name: string, operands: readonly Known[]): Known {
  const wrongs = operands.map((operand) => unless('boolean', name, operand));
  return wrongs.every((wrong) => wrong !== undefined) ? wrongs[0] : 'boolean';
}

/** Only one of the branches is evaluated. */
function ofChoice([condition, left, right]: readonly Known[]): Known {
  const wrong = unless('boolean', '_?_:_', condition);
  if (wrong !== undefined) return wrong;
  if (isClash(left) && isClash(right)) return left;
  return left === right ? left : undefined;
}

function unless(wanted: Kind, name: string, operand: Known): Clash | undefined {
  if (isClash(operand)) return operand;
  return operand === undefined || operand === wanted ? undefined : unfit(name, operand);
}

function ofOperator(name: string, operands: readonly Known[]): Known {
  const signature = SIGNATURES.get(name);
  if (signature === undefined) return undefined;
  const clash = operands.find(isClash);
  if (clash !== undefined) return clash;
  const known = operands.filter(isKind);
  return misfitIn(name, signature, known) ?? signature.gives ?? known[0];
}

function misfitIn(name: string, { takes, isAlike }: Signature, known: readonly Kind[]): Clash | undefined {
  const wrong = takes && known.find((kind) => !takes.includes(kind));
  if (wrong !== undefined) return unfit(name, wrong);
  const [first] = known;
  const other = isAlike === true ? known.find((kind) => kind !== first) : undefined;
  return first === undefined || other === undefined ? undefined : apart(name, first, other);
}

function isKind(known: Known): known is Kind {
  return typeof known === 'string';
}

function isClash(known: Known): known is Clash {
  return typeof known === 'object';
}

function unfit(name: string, kind: Kind): Clash {
  return { clash: `has ${NAMES[kind]} where "${name.replaceAll('_', '')}" takes none` };
}

function apart(name: string, one: Kind, other: Kind): Clash {
  return { clash: `has ${NAMES[one]} and ${NAMES[other]} on the two sides of "${name.replaceAll('_', '')}"` };
}
