import type { JsonValue } from '@aura/contracts';

/** Most bytes of data that travel inside an event: 256 KiB of JSON text in UTF-8, or of binary data. */
export const MOST_INLINE_BYTES = 256 * 1024;

/** Most bytes that one UTF-16 unit takes in JSON text: an escape as in \u0001. */
const BYTES_A_UNIT = 6;
/** Most bytes of a number, `true`, `false` or `null`. */
const BYTES_A_SCALAR = 25;

/**
 * Whether data may be over {@link MOST_INLINE_BYTES}: false for what certainly fits. Looks at the lengths alone and
 * stops as soon as it may be over, so that small payloads, nearly all there are, cost next to nothing.
 */
export function mayBeLarge(data: JsonValue | Uint8Array | undefined): boolean {
  if (data === undefined) return false;
  if (data instanceof Uint8Array) return data.length > MOST_INLINE_BYTES;
  return roomLeft(data, MOST_INLINE_BYTES) < 0;
}

/** What is left of `room` bytes behind a value at its longest; negative when it may not fit. */
function roomLeft(value: JsonValue | undefined, room: number): number {
  if (typeof value === 'string') return room - value.length * BYTES_A_UNIT - 3;
  if (typeof value !== 'object' || value === null) return room - BYTES_A_SCALAR;
  return isList(value) ? roomBehindItems(value, room - 2) : roomBehindMembers(value, room - 2);
}

function roomBehindItems(items: readonly JsonValue[], room: number): number {
  let left = room;
  for (const item of items) {
    left = roomLeft(item, left - 1);
    if (left < 0) return left;
  }
  return left;
}

function roomBehindMembers(members: Readonly<Record<string, JsonValue>>, room: number): number {
  let left = room;
  for (const name in members) {
    left = roomLeft(members[name], left - name.length * BYTES_A_UNIT - 4);
    if (left < 0) return left;
  }
  return left;
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
