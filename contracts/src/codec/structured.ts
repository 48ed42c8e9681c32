import type { CloudEvent } from '../cloud-event';
import { base64Of, bytesOfBase64, textOf, utf8Of } from './bytes';
import { eventProblem } from './check-event';
import { BATCH_CONTENT_TYPE, STRUCTURED_CONTENT_TYPE } from './content-type';
import { decoded, refused } from './decode-result';
import type { DecodeResult } from './decode-result';
import { InvalidEventError } from './invalid-event-error';

/** A message in structured mode: everything is in the body. */
export interface StructuredMessage {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Refuses to send what a strict receiver would refuse. */
export function requireValid(event: CloudEvent): void {
  const problem = eventProblem(event);
  if (problem !== undefined) {
    throw new InvalidEventError(
      `event ${String(event.id)} of type ${String(event.type)} cannot be sent: ${problem}`,
      'Correct the attribute before publishing.',
    );
  }
}

/** JSON text of a value; what JSON cannot hold (a cycle, nesting without end) is refused. */
export function jsonTextOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new InvalidEventError(
      `the event's data cannot be written as JSON: ${String(cause)}`,
      'Publish plain JSON values, or bytes as Uint8Array.',
      cause,
    );
  }
}

function wireForm(event: CloudEvent): Readonly<Record<string, unknown>> {
  if (!(event.data instanceof Uint8Array)) return event;
  const { data, ...attributes } = event;
  return { ...attributes, data_base64: base64Of(data) };
}

/** One event as JSON text. Throws `InvalidEventError`. `data: null` is written, absent data is not; bytes become `data_base64`. */
export function encodeStructuredText(event: CloudEvent): string {
  requireValid(event);
  return jsonTextOf(wireForm(event));
}

/** One event in structured mode, the way Aura publishes. Throws `InvalidEventError`. */
export function encodeStructured(event: CloudEvent): StructuredMessage {
  return { contentType: STRUCTURED_CONTENT_TYPE, body: utf8Of(encodeStructuredText(event)) };
}

/** Many events in one message, in order. Internal to the tracker's queues. Throws `InvalidEventError`. */
export function encodeBatch(events: readonly CloudEvent[]): StructuredMessage {
  return { contentType: BATCH_CONTENT_TYPE, body: utf8Of(`[${events.map(encodeStructuredText).join(',')}]`) };
}

/** JSON text or bytes as a value. */
export function jsonOf(body: Uint8Array | string): DecodeResult<unknown> {
  const text = typeof body === 'string' ? body : textOf(body);
  if (text === undefined) return refused('the body is not UTF-8');
  try {
    return decoded(JSON.parse(text) as unknown);
  } catch (cause) {
    return refused(`the body is not JSON: ${String(cause)}`);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** `fromEntries` defines members one by one, so that a member `__proto__` stays a member. */
function withoutNulls(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members).filter(([name, value]) => name === 'data' || value !== null),
  );
}

function withBytes(members: Members): DecodeResult<Members> {
  const { data_base64: base64, ...rest } = members;
  if (base64 === null) return decoded(rest);
  if (Object.hasOwn(rest, 'data')) return refused('data and data_base64 exclude each other; both are there');
  const data = typeof base64 === 'string' ? bytesOfBase64(base64) : undefined;
  return data === undefined
    ? refused('data_base64 is not base64 (RFC 4648, padded)')
    : decoded({ ...rest, data });
}

function hasNullAttribute(members: Members): boolean {
  return Object.keys(members).some((name) => members[name] === null && name !== 'data');
}

/** A parsed JSON value as an event, checked by the attribute rules. The value itself is returned where nothing had to change. */
export function decodeValue(value: unknown): DecodeResult<CloudEvent> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('the body is JSON, but no object');
  }
  const given = value as Members;
  const members = Object.hasOwn(given, 'data_base64') ? withBytes(given) : decoded(given);
  if (!members.ok) return members;
  const problem = eventProblem(members.value);
  if (problem !== undefined) return refused(problem);
  const event = hasNullAttribute(members.value) ? withoutNulls(members.value) : members.value;
  return decoded(event as CloudEvent);
}

/** JSON text of one event. The counterpart of `encodeStructuredText`. */
export function decodeStructuredText(text: string): DecodeResult<CloudEvent> {
  const json = jsonOf(text);
  return json.ok ? decodeValue(json.value) : json;
}
