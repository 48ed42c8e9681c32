import type { JsonObject, JsonValue } from '@aura/contracts';
import { canonicalJson } from '../plan/canonical-json';
import { asSchema } from './inline-refs';
import type { Schema } from './inline-refs';
import { alternativesOf, memberOf, propertiesOf, requiredOf, typesOf } from './schema-member';

/** Why values of one schema do not surely fit another, at a path of the value. */
export interface Misfit {
  readonly code: 'TYPE_MISMATCH' | 'MISSING_INPUT' | 'MAY_BE_ABSENT';
  readonly path: readonly string[];
  readonly reason: string;
}

const MAX_DEPTH = 24;

function mismatch(path: readonly string[], reason: string): Misfit {
  return { code: 'TYPE_MISMATCH', path, reason };
}

function valuesOf(schema: JsonObject): readonly JsonValue[] | undefined {
  if (schema['const'] !== undefined) return [schema['const']];
  return Array.isArray(schema['enum']) ? (schema['enum'] as readonly JsonValue[]) : undefined;
}

function typeOfValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function sourceTypes(schema: JsonObject): readonly string[] | undefined {
  return typesOf(schema) ?? valuesOf(schema)?.map(typeOfValue);
}

function typeMisfits(source: JsonObject, target: JsonObject, path: readonly string[]): readonly Misfit[] {
  const allowed = typesOf(target);
  const given = sourceTypes(source);
  if (allowed === undefined || given === undefined) return [];
  const strange = given.filter(
    (type) => !allowed.includes(type) && !(type === 'integer' && allowed.includes('number')),
  );
  return strange.length === 0
    ? []
    : [mismatch(path, `it is ${strange.join(' or ')}, but ${allowed.join(' or ')} is wanted`)];
}

function valueMisfits(source: JsonObject, target: JsonObject, path: readonly string[]): readonly Misfit[] {
  const allowed = valuesOf(target)?.map(canonicalJson);
  const strange = valuesOf(source)?.find((value) => !(allowed ?? []).includes(canonicalJson(value)));
  return allowed === undefined || strange === undefined
    ? []
    : [mismatch(path, `${JSON.stringify(strange)} is not among ${allowed.slice(0, 10).join(', ')}`)];
}

function requiredMisfits(source: JsonObject, target: JsonObject, path: readonly string[]): readonly Misfit[] {
  return requiredOf(target).flatMap((name): readonly Misfit[] => {
    const member = memberOf(source, name);
    const at = [...path, name];
    if (member.kind === 'none') return [{ code: 'MISSING_INPUT', path: at, reason: 'it is required' }];
    const isSure = member.kind === 'undecided' || !member.optional;
    return isSure ? [] : [{ code: 'MAY_BE_ABSENT', path: at, reason: 'it is required and may be absent' }];
  });
}

function memberMisfits(
  source: JsonObject,
  target: JsonObject,
  path: readonly string[],
  depth: number,
): readonly Misfit[] {
  const wanted = propertiesOf(target);
  const given = propertiesOf(source);
  const strange =
    target['additionalProperties'] === false
      ? Object.keys(given).filter((name) => !Object.hasOwn(wanted, name))
      : [];
  const inner = Object.keys(wanted).flatMap((name) => {
    const member = memberOf(source, name);
    return member.kind === 'found'
      ? misfits(member.schema, asSchema(wanted[name]), [...path, name], depth + 1)
      : [];
  });
  return [...strange.map((name) => mismatch([...path, name], 'it is not a known member')), ...inner];
}

function itemMisfits(
  source: JsonObject,
  target: JsonObject,
  path: readonly string[],
  depth: number,
): readonly Misfit[] {
  const wanted = target['items'];
  if (wanted === undefined) return [];
  const prefix = Array.isArray(source['prefixItems']) ? (source['prefixItems'] as readonly JsonValue[]) : [];
  const rest = source['items'] === undefined ? [] : [source['items']];
  return [...prefix, ...rest].flatMap((item, index) =>
    misfits(asSchema(item), asSchema(wanted), [...path, String(index)], depth + 1),
  );
}

/** The alternatives of a source, one for each of several types too. */
function sourceAlternatives(source: JsonObject): readonly Schema[] | undefined {
  const types = typesOf(source);
  if (types === undefined || types.length < 2) return alternativesOf(source);
  return types.map((type) => ({ ...source, type }));
}

function targetMisfits(
  source: JsonObject,
  target: JsonObject,
  path: readonly string[],
  depth: number,
): readonly Misfit[] {
  const alternatives = alternativesOf(target);
  const parts = Array.isArray(target['allOf']) ? (target['allOf'] as readonly JsonValue[]) : [];
  const ofParts = parts.flatMap((part) => misfits(source, asSchema(part), path, depth + 1));
  if (alternatives === undefined) return ofParts;
  const tries = alternatives.map((alternative) => misfits(source, alternative, path, depth + 1));
  if (tries.some((found) => found.length === 0)) return ofParts;
  return [
    ...ofParts,
    ...[...tries]
      .sort((left, right) => left.length - right.length)
      .slice(0, 1)
      .flat(),
  ];
}

function plainMisfits(
  source: JsonObject,
  target: JsonObject,
  path: readonly string[],
  depth: number,
): readonly Misfit[] {
  const own = [...typeMisfits(source, target, path), ...valueMisfits(source, target, path)];
  if (own.length > 0) return own;
  const types = sourceTypes(source) ?? [];
  const inner: Misfit[] = [];
  if (types.includes('object')) {
    inner.push(...requiredMisfits(source, target, path), ...memberMisfits(source, target, path, depth));
  }
  if (types.includes('array')) inner.push(...itemMisfits(source, target, path, depth));
  return [...targetMisfits(source, target, path, depth), ...inner];
}

/** Every alternative of the source must fit; those of the first that does not are told. */
function firstMisfits(
  alternatives: readonly Schema[],
  target: JsonObject,
  path: readonly string[],
  depth: number,
): readonly Misfit[] {
  const tries = alternatives.map((alternative) => misfits(alternative, target, path, depth + 1));
  return tries.find((found) => found.length > 0) ?? [];
}

/**
 * Where values of `source` do not surely fit `target`: type, properties, required, additionalProperties, items, enum
 * and const, through anyOf, oneOf and allOf. Types must be within those wanted; what cannot be decided fits.
 * Both schemas must be without `$ref`.
 */
export function misfits(
  source: Schema,
  target: Schema,
  path: readonly string[] = [],
  depth = 0,
): readonly Misfit[] {
  if (typeof source === 'boolean' || depth > MAX_DEPTH) return [];
  if (typeof target === 'boolean') return target ? [] : [mismatch(path, 'nothing is accepted here')];
  const alternatives = sourceAlternatives(source);
  return alternatives === undefined
    ? plainMisfits(source, target, path, depth)
    : firstMisfits(alternatives, target, path, depth);
}

/** The schema of exactly one value. */
export function schemaOfValue(value: JsonValue): JsonObject {
  if (Array.isArray(value)) return { type: 'array', prefixItems: (value as JsonValue[]).map(schemaOfValue) };
  if (value === null || typeof value !== 'object') return { type: typeOfValue(value), const: value };
  const members = Object.entries(value as JsonObject);
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, member]) => [name, schemaOfValue(member)])),
    required: members.map(([name]) => name),
    additionalProperties: false,
  };
}
