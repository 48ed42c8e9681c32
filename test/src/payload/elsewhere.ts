import type { CloudEvent, JsonValue } from '@aura/contracts';
import type { ClaimCheck } from '@aura/kernel';

/** A reference to a payload that nobody has put into the claim check. */
export const NOWHERE = `urn:aura:claim:json:sha256:${'0'.repeat(64)}`;

/** Puts JSON into the claim check, whatever its size; answers the reference. */
export async function referenceTo(data: JsonValue, claims: ClaimCheck): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  return `urn:aura:claim:json:${await claims.put(bytes, 'application/json')}`;
}

/** An event whose data is elsewhere. */
export function elsewhere({ data: _left, ...event }: CloudEvent, dataref: string): CloudEvent {
  return { ...event, dataref };
}
