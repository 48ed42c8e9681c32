import type { CloudEvent, JsonValue } from '@aura/contracts';
import { AuraError, TerminalError } from '@aura/kernel';
import type { ClaimCheck } from '@aura/kernel';
import { mayBeLarge, MOST_INLINE_BYTES } from './inline-bound';

/** `dataref` of a payload in the claim check: JSON text or bytes, by content digest. */
const REFERENCE = /^urn:aura:claim:(json|bytes):(sha256:[0-9a-f]{64})$/;

const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** An event's data, as it stands in events. */
type Data = JsonValue | Uint8Array;

/**
 * Whether an event's data is in the claim check instead of in the event. A reference of somebody else's is his own
 * affair: such an event is taken as it is.
 */
export function isClaimed(event: CloudEvent): event is CloudEvent & { readonly dataref: string } {
  return event.dataref !== undefined && event.data === undefined && REFERENCE.test(event.dataref);
}

/** An event whose data is over the bound, with the data put into the claim check; any other one as it is. */
export async function claimData(event: CloudEvent, claims: ClaimCheck): Promise<CloudEvent> {
  const { data, ...attributes } = event;
  if (data === undefined || !mayBeLarge(data)) return event;
  const isBytes = data instanceof Uint8Array;
  const bytes = isBytes ? data : encoder.encode(JSON.stringify(data));
  if (bytes.length <= MOST_INLINE_BYTES) return event;
  const contentType = isBytes ? (event.datacontenttype ?? BYTES_TYPE) : JSON_TYPE;
  const digest = await claims.put(bytes, contentType);
  return { ...attributes, dataref: `urn:aura:claim:${isBytes ? 'bytes' : 'json'}:${digest}` };
}

/**
 * The data that a `dataref` of the claim check stands for. Errors: `StoreUnavailableError`; one with the code
 * `CLAIM_MISSING` or `CLAIM_CORRUPT` when the payload is not there, or not what was put; `TerminalError` when it is no
 * reference of ours, or no JSON.
 */
export async function claimedData(dataref: string, claims: ClaimCheck): Promise<Data> {
  const [, form, digest] = REFERENCE.exec(dataref) ?? [];
  if (digest === undefined) throw unreadable(`${dataref} is no reference to a payload in the claim check`);
  const found = await claims.get(digest);
  if (found === undefined)
    throw new AuraError(`the payload ${digest} of an event is not in the claim check`, {
      code: 'CLAIM_MISSING',
      help: 'Restore the payload from a backup, then retry the dead letter; a claim check that was emptied loses what is under way.',
      details: { digest },
    });
  return form === 'bytes' ? found.bytes : jsonOf(digest, found.bytes);
}

/** A claimed event with its data, as it was published; any other one as it is. Errors: as of {@link claimedData}. */
export async function withData(event: CloudEvent, claims: ClaimCheck): Promise<CloudEvent> {
  if (!isClaimed(event)) return event;
  const { dataref, ...attributes } = event;
  return { ...attributes, data: await claimedData(dataref, claims) };
}

function jsonOf(digest: string, bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(decoder.decode(bytes)) as JsonValue;
  } catch (cause) {
    throw unreadable(`the payload ${digest} is not the JSON text that its event says it is`, cause);
  }
}

function unreadable(message: string, cause?: unknown): TerminalError {
  return new TerminalError(message, {
    code: 'CLAIM_UNREADABLE',
    help: 'Look at who published the event: Aura makes such references itself when data is over 256 KiB.',
    cause,
  });
}
