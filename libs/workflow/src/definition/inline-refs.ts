import type { JsonObject, JsonValue } from '@aura/contracts';
import { valueAt } from '../plan/mapping';

/** A JSON Schema without `$ref`, as far as it is looked at here; `true` says nothing. */
export type Schema = JsonObject | boolean;

const MAX_NODES = 20_000;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON value as a schema; what is none says nothing. */
export function asSchema(value: JsonValue | undefined): Schema {
  return typeof value === 'boolean' || isObject(value) ? value : true;
}

function target(root: JsonObject, ref: string): JsonValue | undefined {
  if (!ref.startsWith('#/')) return undefined;
  const path = ref.slice(2).split('/');
  return valueAt(
    root,
    path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

/**
 * Puts local references in place. Recursion, references elsewhere and schemas over 20,000 nodes become `true`:
 * nothing is then decided about that part.
 */
export function inlineRefs(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  let nodes = 0;
  const visit = (value: JsonValue, open: readonly string[]): JsonValue => {
    nodes += 1;
    if (nodes > MAX_NODES) return true;
    if (Array.isArray(value)) return value.map((item: JsonValue) => visit(item, open));
    if (!isObject(value)) return value;
    const ref = value['$ref'];
    if (typeof ref === 'string') {
      const found = open.includes(ref) ? undefined : target(schema, ref);
      return found === undefined ? true : visit(found, [...open, ref]);
    }
    const members = Object.entries(value).filter(([name]) => name !== '$defs' && name !== 'definitions');
    return Object.fromEntries(members.map(([name, member]) => [name, visit(member, open)]));
  };
  return asSchema(visit(schema, []));
}
