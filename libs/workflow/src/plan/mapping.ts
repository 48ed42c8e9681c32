import type { JsonValue } from '@aura/contracts';
import { never } from '@aura/kernel';
import type { Mapping } from './plan';

/** What mappings read: the saga's input and the outputs of steps by id, as far as they are known here. */
export interface MappingScope {
  readonly input?: JsonValue;
  readonly outputs?: Readonly<Record<string, JsonValue | undefined>>;
}

/** One path that is read: below the saga's input, or below the output of a step. */
export interface Read {
  /** The step whose output is read; absent: the saga's input. */
  readonly step?: string;
  readonly path: readonly string[];
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return (value as Readonly<Record<string, JsonValue>>)[name];
}

/** The value at a path; members by name, items of arrays by number; undefined when something on the way is absent. */
export function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const name of path) {
    if (current === undefined) return undefined;
    current = memberOf(current, name);
  }
  return current;
}

function evaluateMembers(members: Readonly<Record<string, Mapping>>, scope: MappingScope): JsonValue {
  const made: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(members)) {
    const value = evaluateMapping(member, scope);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

/**
 * The value of a mapping. What is absent is left out: a member of its object, an item of its array, or, when the
 * whole mapping is an absent path, everything (undefined). Literals are returned as they are, never copied.
 */
export function evaluateMapping(mapping: Mapping, scope: MappingScope): JsonValue | undefined {
  switch (mapping.kind) {
    case 'literal':
      return mapping.value;
    case 'input':
      return valueAt(scope.input, mapping.path);
    case 'step':
      return valueAt(scope.outputs?.[mapping.step], mapping.path);
    case 'object':
      return evaluateMembers(mapping.members, scope);
    case 'array':
      return mapping.items.map((item) => evaluateMapping(item, scope)).filter((item) => item !== undefined);
    default:
      return never(mapping);
  }
}

/** All paths that a mapping reads, in the order in which they stand. */
export function mappingReads(mapping: Mapping): readonly Read[] {
  switch (mapping.kind) {
    case 'literal':
      return [];
    case 'input':
      return [{ path: mapping.path }];
    case 'step':
      return [{ step: mapping.step, path: mapping.path }];
    case 'object':
      return Object.values(mapping.members).flatMap(mappingReads);
    case 'array':
      return mapping.items.flatMap(mappingReads);
    default:
      return never(mapping);
  }
}
