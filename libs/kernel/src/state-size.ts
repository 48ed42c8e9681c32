import type { JsonValue } from '@aura/contracts';

/** Most characters of JSON text that a saga's input and outputs may have together, and so any of them alone: 1 Mi. */
export const MOST_STATE_CHARACTERS = 1024 * 1024;

/** Size of a payload: about the characters of its JSON text, without making it; 0 when there is none. */
export function stateSizeOf(payload: JsonValue | undefined): number {
  if (payload === undefined) return 0;
  if (typeof payload === 'string') return payload.length + 2;
  if (typeof payload !== 'object' || payload === null) return 8;
  let size = 2;
  if (Array.isArray(payload)) {
    for (const item of payload as readonly JsonValue[]) size += 1 + stateSizeOf(item);
    return size;
  }
  for (const [member, value] of Object.entries(payload)) size += member.length + 4 + stateSizeOf(value);
  return size;
}
