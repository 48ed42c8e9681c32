import type { JsonValue } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { errorRecordOf } from '@aura/messaging';
import { isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml';
import type { Document, ParsedNode } from 'yaml';
import type { Place } from './problems';

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
const MAX_ALIASES = 100;

/** What is wrong with the text as such. */
interface SourceProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
}

/** A definition's text as a value, and where each part of it stands. */
export interface DefinitionSource {
  /** Undefined when the text is not YAML or JSON at all. */
  readonly value?: JsonValue;
  /** The line (from 1) of a place, or of the nearest place around it that is there. */
  readonly lineOf: (place: Place) => number;
  readonly problems: readonly SourceProblem[];
}

function refused(code: string, message: string, line = 1): DefinitionSource {
  return { lineOf: () => 1, problems: [{ code, message, line }] };
}

/** What a token adds to the depth: of brackets, and of `- - -` or `? ?` on one line. */
const OPENS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };
const NESTS: ReadonlySet<string> = new Set(['-', '?']);

/** The parser recurses and would run out of stack, so that depth is judged by the tokens alone. */
function isTooDeep(text: string): boolean {
  let brackets = 0;
  let dashes = 0;
  for (const token of new Lexer().lex(text)) {
    brackets += OPENS[token] ?? 0;
    if (NESTS.has(token)) dashes += 1;
    else if (token === '\n') dashes = 0;
    if (Math.max(brackets, dashes) > MAX_DEPTH) return true;
  }
  return false;
}

/** Why a value is not plain JSON, if it is not. */
function notJson(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}`;
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : `${value} is not a number of JSON`;
  if (typeof value === 'object' && value !== null) return notJsonObject(value, depth);
  return undefined;
}

function notJsonObject(value: object, depth: number): string | undefined {
  if (Array.isArray(value)) return firstOf(value, depth);
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    return 'it has a value with a tag that JSON does not know';
  }
  if (Object.hasOwn(value, '__proto__')) return 'the name __proto__ is not allowed';
  return firstOf(Object.values(value), depth);
}

function firstOf(values: readonly unknown[], depth: number): string | undefined {
  for (const value of values) {
    const reason = notJson(value, depth + 1);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

interface Found {
  readonly at: number;
  readonly node: unknown;
}

function partOf(node: unknown, part: string | number): Found | undefined {
  if (isSeq<ParsedNode>(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { at: item.range[0], node: item };
  }
  if (!isMap<ParsedNode>(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? undefined : { at: pair.key.range[0], node: pair.value };
}

function offsetOf(document: Document.Parsed, place: Place): number {
  let found: Found = { at: 0, node: document.contents };
  for (const part of place) {
    const inner = partOf(found.node, part);
    if (inner === undefined) return found.at;
    found = inner;
  }
  return found.at;
}

function toJson(document: Document.Parsed): Result<JsonValue, string> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const reason = notJson(value, 0);
    return reason === undefined ? ok(value as JsonValue) : err(reason);
  } catch (error) {
    return err(errorRecordOf(error, 'technical').message);
  }
}

/**
 * Reads a definition's text, YAML 1.2 or JSON, at most 256 KiB, 64 levels and 100 resolved aliases. A key that stands
 * twice is a problem that does not keep the rest from being read.
 */
export function readSource(text: string): DefinitionSource {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_BYTES) {
    return refused('TOO_LARGE', `the definition has ${bytes} bytes; at most ${MAX_BYTES} are allowed`);
  }
  if (isTooDeep(text)) return refused('TOO_DEEP', `the definition is nested deeper than ${MAX_DEPTH}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const problems = document.errors.map(({ code, message, pos }) => ({
    code: code === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'SYNTAX',
    message: code === 'DUPLICATE_KEY' ? 'the same key stands twice in one object; keep one' : message,
    line: lineAt(pos[0]),
  }));
  const lineOf = (place: Place) => lineAt(offsetOf(document, place));
  if (problems.some(({ code }) => code === 'SYNTAX')) return { lineOf, problems };
  const json = toJson(Object.assign(document, { errors: [] }));
  return json.ok
    ? { value: json.value, lineOf, problems }
    : { lineOf, problems: [...problems, { code: 'NOT_JSON', message: json.error, line: 1 }] };
}
