import type { JsonObject, JsonValue } from '@aura/contracts';
import { asSchema } from './inline-refs';
import type { Schema } from './inline-refs';

/** What a schema says about a member: there (perhaps absent), not there, or nothing. */
export type Member =
  | { readonly kind: 'found'; readonly schema: Schema; readonly optional: boolean }
  | { readonly kind: 'undecided' }
  | { readonly kind: 'none'; readonly known: readonly string[] };

const UNDECIDED: Member = { kind: 'undecided' };

function none(known: readonly string[] = []): Member {
  return { kind: 'none', known };
}

/** The alternatives of `anyOf` and `oneOf`. */
export function alternativesOf(schema: JsonObject): readonly Schema[] | undefined {
  const list = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(list) ? list.map(asSchema) : undefined;
}

/** The types that a schema allows; undefined when it does not say. */
export function typesOf(schema: JsonObject): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.map(String) : undefined;
}

/** The declared properties of a schema. */
export function propertiesOf(schema: JsonObject): JsonObject {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties)
    ? (properties as JsonObject)
    : {};
}

/** The required names of a schema. */
export function requiredOf(schema: JsonObject): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function amongAlternatives(alternatives: readonly Schema[], name: string): Member {
  const members = alternatives.map((alternative) => memberOf(alternative, name));
  if (members.some(({ kind }) => kind === 'undecided')) return UNDECIDED;
  const found = members.flatMap((member) => (member.kind === 'found' ? [member] : []));
  if (found.length === 0) {
    return none(members.flatMap((member) => (member.kind === 'none' ? member.known : [])));
  }
  const [only] = found;
  return {
    kind: 'found',
    schema:
      found.length === 1 && only !== undefined ? only.schema : { anyOf: found.map(({ schema }) => schema) },
    optional: found.length < members.length || found.some(({ optional }) => optional),
  };
}

function amongParts(parts: readonly Schema[], name: string): Member {
  const members = parts.map((part) => memberOf(part, name));
  const found = members.flatMap((member) => (member.kind === 'found' ? [member] : []));
  const [first] = found;
  return first === undefined ? UNDECIDED : { ...first, optional: found.every(({ optional }) => optional) };
}

function item(schema: JsonObject, name: string): Member {
  if (!/^\d+$/.test(name)) return none();
  const prefix = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as readonly JsonValue[]) : [];
  const found = prefix[Number(name)] ?? schema['items'];
  return found === undefined ? UNDECIDED : { kind: 'found', schema: asSchema(found), optional: true };
}

function undeclared(schema: JsonObject, known: readonly string[]): Member {
  // A pattern may name it, and then says what it is.
  if (schema['patternProperties'] !== undefined) return UNDECIDED;
  const additional = schema['additionalProperties'];
  if (additional === false) return none(known);
  if (additional !== undefined && additional !== true) {
    return { kind: 'found', schema: asSchema(additional), optional: true };
  }
  const isOpen = additional === true || known.length === 0;
  return isOpen ? UNDECIDED : none(known);
}

function property(schema: JsonObject, name: string): Member {
  const properties = propertiesOf(schema);
  if (!Object.hasOwn(properties, name)) return undeclared(schema, Object.keys(properties));
  return {
    kind: 'found',
    schema: asSchema(properties[name]),
    optional: !requiredOf(schema).includes(name),
  };
}

function ofTypes(schema: JsonObject, name: string): Member {
  const types = typesOf(schema) ?? ['object'];
  if (!types.includes('object')) return types.includes('array') ? item(schema, name) : none();
  const member = property(schema, name);
  return member.kind === 'found' && types.length > 1 ? { ...member, optional: true } : member;
}

/**
 * Looks a member up. A schema that declares properties and does not say `additionalProperties: true` is taken to name
 * them all, stricter than JSON Schema has it: a mistyped path is to be found now and not at run time.
 */
export function memberOf(schema: Schema, name: string): Member {
  if (typeof schema === 'boolean') return schema ? UNDECIDED : none();
  const alternatives = alternativesOf(schema);
  if (alternatives !== undefined) return amongAlternatives(alternatives, name);
  const { allOf } = schema;
  return Array.isArray(allOf) ? amongParts(allOf.map(asSchema), name) : ofTypes(schema, name);
}

/** What stands at a path of a schema. `missing` names the part that is not there. */
export type Place =
  | { readonly kind: 'found'; readonly schema: Schema; readonly optional: boolean }
  | { readonly kind: 'undecided' }
  | { readonly kind: 'none'; readonly missing: string; readonly known: readonly string[] };

/** Follows a path through a schema. */
export function lookUp(schema: Schema, path: readonly string[]): Place {
  let current: { readonly schema: Schema; readonly optional: boolean } = { schema, optional: false };
  for (const name of path) {
    const member = memberOf(current.schema, name);
    if (member.kind === 'undecided') return member;
    if (member.kind === 'none') return { ...member, missing: name };
    current = { schema: member.schema, optional: current.optional || member.optional };
  }
  return { kind: 'found', ...current };
}
