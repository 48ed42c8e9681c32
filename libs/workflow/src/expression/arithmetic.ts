import { CelScalar, celFunc } from '@bufbuild/cel';
import type { CelFunc } from '@bufbuild/cel';

const { DOUBLE, INT } = CelScalar;

const OPERATORS: readonly (readonly [string, (left: number, right: number) => number])[] = [
  ['_+_', (left, right) => left + right],
  ['_-_', (left, right) => left - right],
  ['_*_', (left, right) => left * right],
  ['_/_', (left, right) => left / right],
  ['_%_', (left, right) => left % right],
];

/**
 * Arithmetic between doubles and ints. Every number of JSON is a double and every literal without a point an int,
 * and CEL compares the two but does not add them: `input.n + 1` would be an error. Mixed operands give a double;
 * two ints stay ints, as CEL has it (`7 / 2` is 3), and `%` is defined for doubles.
 */
export const mixedArithmetic: readonly CelFunc[] = OPERATORS.flatMap(([name, apply]) => [
  celFunc(name, [DOUBLE, INT], DOUBLE, (left, right) => apply(left, Number(right))),
  celFunc(name, [INT, DOUBLE], DOUBLE, (left, right) => apply(Number(left), right)),
  ...(name === '_%_' ? [celFunc(name, [DOUBLE, DOUBLE], DOUBLE, apply)] : []),
]);
