import type { JsonValue } from '@aura/contracts';
import type { WireValue } from './protocol';

/** What a store answered, as it travels. */
export function valueToWire(value: unknown): WireValue {
  if (value instanceof Set) return { set: [...(value as ReadonlySet<JsonValue>)] };
  if (value instanceof Map) return { map: [...(value as ReadonlyMap<JsonValue, JsonValue>)] };
  return value === undefined ? {} : { value: value as JsonValue };
}

/** What {@link valueToWire} was given. */
export function valueFromWire({ value, set, map }: WireValue): unknown {
  if (set !== undefined) return new Set(set);
  return map === undefined ? value : new Map(map);
}
