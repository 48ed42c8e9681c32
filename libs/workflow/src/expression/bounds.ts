import { sizeOf } from './syntax-tree';
import type { Expr } from './syntax-tree';

const MAX_LENGTH = 2000;
const MAX_NODES = 500;
const MAX_NESTING = 2;
const MAX_BRACKETS = 50;

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/**
 * What the parser may not see: a long text, or brackets so deep that it would run out of stack. Brackets in quotes
 * are counted as well; nobody needs 50 of them open.
 */
export function checkDepth(source: string): string | undefined {
  if (source.length > MAX_LENGTH) {
    return `it has ${source.length} characters; at most ${MAX_LENGTH} are allowed`;
  }
  let depth = 0;
  for (const character of source) {
    if (OPENING.has(character)) depth += 1;
    if (CLOSING.has(character)) depth -= 1;
    if (depth > MAX_BRACKETS) return `brackets are nested deeper than ${MAX_BRACKETS}`;
  }
  return undefined;
}

/** What evaluation may not meet. */
export function checkBounds(expr: Expr): string | undefined {
  const { nodes, nesting } = sizeOf(expr);
  if (nodes > MAX_NODES) return `it has ${nodes} nodes; at most ${MAX_NODES} are allowed`;
  if (nesting > MAX_NESTING) {
    return `comprehensions (exists, all, map, filter) are nested ${nesting} deep; at most ${MAX_NESTING} are allowed`;
  }
  return undefined;
}
