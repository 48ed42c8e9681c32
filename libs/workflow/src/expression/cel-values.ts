import type { JsonObject, JsonValue } from '@aura/contracts';
import { isCelList, isCelMap, isCelUint } from '@bufbuild/cel';
import type { CelInput, CelMap, CelValue } from '@bufbuild/cel';
import type { ReadPath } from './reads';

type CelTree = Map<string, CelInput>;

/** JSON as CEL takes it. Objects become maps, so that no member name (`constructor`, `__proto__`) is special. */
function toCel(value: JsonValue): CelInput {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toCel);
  return new Map(Object.entries(value).map(([name, member]) => [name, toCel(member)]));
}

function memberOf(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function branch(tree: CelTree, name: string): CelTree {
  const there = tree.get(name);
  if (there instanceof Map) return there as CelTree;
  const made: CelTree = new Map();
  tree.set(name, made);
  return made;
}

function insert(tree: CelTree, path: ReadPath, value: JsonObject): void {
  const [name = '', ...rest] = path;
  const member = memberOf(value, name);
  if (member === undefined) return;
  if (rest.length === 0 || !isObject(member)) {
    tree.set(name, toCel(member));
    return;
  }
  insert(branch(tree, name), rest, member);
}

/** The bindings of an evaluation: what the expression reads and nothing else, absent members left out. */
export function bindingsOf(
  reads: readonly ReadPath[],
  values: Readonly<Record<string, JsonValue | undefined>>,
): Readonly<Record<string, CelInput>> {
  const tree: CelTree = new Map();
  const present = Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
  for (const path of reads) insert(tree, path, present);
  return Object.fromEntries(tree);
}

/** JSON again; undefined for what JSON has no word for (bytes, timestamps, types, NaN, ints beyond 2^53). */
export function fromCel(value: CelValue): JsonValue | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
    default:
      return value === null ? null : fromCelObject(value);
  }
}

function fromCelObject(value: Extract<CelValue, object>): JsonValue | undefined {
  if (isCelUint(value)) return fromCel(value.value);
  if (isCelList(value)) return allOf([...value].map(fromCel));
  return isCelMap(value) ? fromCelMap(value) : undefined;
}

function fromCelMap(map: CelMap): JsonValue | undefined {
  const entries = [...map].map(([name, member]) => [name, fromCel(member)] as const);
  return entries.every((entry): entry is [string, JsonValue] => isText(entry[0]) && entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function allOf(items: readonly (JsonValue | undefined)[]): JsonValue | undefined {
  return items.every((item): item is JsonValue => item !== undefined) ? items : undefined;
}
