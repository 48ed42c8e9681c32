import type { JsonValue } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { errorRecordOf } from '@aura/messaging';
import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import type { CelInput, CelResult } from '@bufbuild/cel';
import { mixedArithmetic } from './arithmetic';
import { bindingsOf, fromCel } from './cel-values';
import { checkBounds, checkDepth } from './bounds';
import { unknownFunctions } from './functions';
import { conditionMisfit } from './kinds';
import type { KindOf } from './kinds';
import { readsOf } from './reads';
import type { ReadPath } from './reads';
import type { Expr } from './syntax-tree';

/** Why an expression cannot be compiled or evaluated. The message holds the expression. */
export interface ExpressionProblem {
  readonly code: 'INVALID_EXPRESSION' | 'EXPRESSION_FAILED' | 'NOT_BOOLEAN' | 'NOT_JSON';
  readonly message: string;
}

/** Values by root; an undefined root is absent. */
export type ExpressionValues = Readonly<Record<string, JsonValue | undefined>>;

/** A compiled CEL expression. Immutable and free of state: compile once, evaluate any number of times. */
export interface Expression {
  readonly source: string;
  /** What it reads below its roots; an evaluation sees nothing else. */
  readonly reads: readonly ReadPath[];
  /** The value, as JSON: ints and doubles become numbers. Reading an absent member is a failure; ask `has(…)` first. */
  evaluate(values: ExpressionValues): Result<JsonValue, ExpressionProblem>;
  /** Why it can never be a condition, by what is known of the kinds of what it reads; undefined when it may be one. */
  conditionMisfit(kindOf: KindOf): string | undefined;
  /** The value of a condition; anything but true and false is a failure. */
  holds(values: ExpressionValues): Result<boolean, ExpressionProblem>;
}

/** Standard functions and mixed arithmetic; never changed. */
const environment = celEnv({ funcs: [...mixedArithmetic] });

function parsed(source: string): Result<Expr, string> {
  try {
    return ok(parse(source).expr);
  } catch (error) {
    return err(errorRecordOf(error, 'technical').message.replace('<input>:', 'at '));
  }
}

function failed(source: string, error: Error): ExpressionProblem {
  return { code: 'EXPRESSION_FAILED', message: `"${source}" cannot be evaluated: ${error.message}` };
}

function expressionOf(
  source: string,
  expr: Expr,
  reads: readonly ReadPath[],
  run: (bindings: Readonly<Record<string, CelInput>>) => CelResult,
): Expression {
  const evaluate = (values: ExpressionValues): Result<JsonValue, ExpressionProblem> => {
    const result = run(bindingsOf(reads, values));
    if (isCelError(result)) return err(failed(source, result));
    const value = fromCel(result);
    return value === undefined
      ? err({ code: 'NOT_JSON', message: `"${source}" gives a value that JSON cannot carry` })
      : ok(value);
  };
  const holds = (values: ExpressionValues): Result<boolean, ExpressionProblem> => {
    const result = evaluate(values);
    if (!result.ok) return result;
    return typeof result.value === 'boolean'
      ? ok(result.value)
      : err({
          code: 'NOT_BOOLEAN',
          message: `"${source}" gives ${JSON.stringify(result.value)}, not true or false`,
        });
  };
  return { source, reads, evaluate, holds, conditionMisfit: (kindOf) => conditionMisfit(expr, kindOf) };
}

function firstProblem(expr: Expr, roots: readonly string[]): string | undefined {
  const [name] = readsOf(expr, roots).unknown;
  const [unknown] = unknownFunctions(expr, environment);
  return (
    checkBounds(expr) ??
    (name === undefined ? undefined : `"${name}" is not known here; known are ${roots.join(' and ')}`) ??
    (unknown === undefined ? undefined : `there is no function "${unknown}"`)
  );
}

/**
 * Compiles CEL. `roots` are the names it may read (`input`, `steps`, or `event`). Bounds: 2,000 characters, 500 nodes,
 * brackets 50 deep, comprehensions 2 deep. Numbers of JSON are doubles and mix freely with int literals; a member that
 * is null counts as absent for `has` and `in`; `matches` is RE2 and runs in linear time.
 */
export function compileExpression(
  source: string,
  { roots }: { readonly roots: readonly string[] },
): Result<Expression, ExpressionProblem> {
  const refuse = (reason: string) =>
    err({ code: 'INVALID_EXPRESSION' as const, message: `"${source.slice(0, 200)}": ${reason}` });
  const tooDeep = checkDepth(source);
  if (tooDeep !== undefined) return refuse(tooDeep);
  const tree = parsed(source);
  if (!tree.ok) return refuse(tree.error);
  const problem = firstProblem(tree.value, roots);
  if (problem !== undefined) return refuse(problem);
  const { value: expr } = tree;
  return ok(expressionOf(source, expr, readsOf(expr, roots).paths, plan(environment, expr)));
}
