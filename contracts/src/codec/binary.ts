import type { CloudEvent } from '../cloud-event';
import { integerAttributes } from './attribute-rules';
import { plainBytes, utf8Of } from './bytes';
import { eventProblem } from './check-event';
import { isJsonType } from './content-type';
import { decoded, refused } from './decode-result';
import type { DecodeResult } from './decode-result';
import { InvalidEventError } from './invalid-event-error';
import { jsonOf, jsonTextOf, requireValid } from './structured';

/** A message as a transport holds it: content type, headers with whatever values, and the body. */
export interface TransportMessage {
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly body: Uint8Array;
}

/** A message in binary mode: attributes in `cloudEvents:` headers, the data alone in the body. */
export interface BinaryMessage {
  /** The event's `datacontenttype`; absent when the event has none. */
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: Uint8Array;
}

const PREFIX = 'cloudEvents:';
/** What senders put before attribute names: AMQP, AMQP for brokers that dislike colons, HTTP and those who copy it. */
const PREFIXES = [PREFIX, 'cloudEvents_', 'ce-'] as const;
/** Members that travel as body and as content type. */
const NO_HEADER: ReadonlySet<string> = new Set(['data', 'datacontenttype']);
const EMPTY = new Uint8Array(0);

/** The attribute that a header stands for; undefined when it is none. */
function attributeOf(header: string): string | undefined {
  const prefix = PREFIXES.find((candidate) => header.startsWith(candidate));
  return prefix === undefined ? undefined : header.slice(prefix.length);
}

/** Whether headers say that a message is an event in binary mode. */
export function hasEventHeaders(headers: TransportMessage['headers']): boolean {
  return headers !== undefined && PREFIXES.some((prefix) => Object.hasOwn(headers, `${prefix}specversion`));
}

function notInBinary(event: CloudEvent, why: string): InvalidEventError {
  return new InvalidEventError(
    `event ${event.id} of type ${event.type} cannot travel in binary mode unchanged: ${why}`,
    'Set a datacontenttype that fits the data, or send the event in structured mode.',
  );
}

function typedBody(event: CloudEvent): Uint8Array {
  const referenced = event.dataref !== undefined;
  if (event.data === undefined && referenced) return EMPTY;
  if (!(event.data instanceof Uint8Array))
    throw notInBinary(event, 'data of a type that is not JSON must be bytes');
  if (event.data.length === 0 && referenced)
    throw notInBinary(event, 'empty bytes beside a dataref would be lost');
  return plainBytes(event.data);
}

function jsonBody(event: CloudEvent): Uint8Array {
  if (event.data instanceof Uint8Array)
    throw notInBinary(event, 'bytes need a datacontenttype that is not JSON');
  return event.data === undefined ? EMPTY : utf8Of(jsonTextOf(event.data));
}

/**
 * One event in binary mode. Throws `InvalidEventError` for an event that would not come back the same: bytes without
 * a type or under a JSON type, and anything but bytes under another type.
 */
export function encodeBinary(event: CloudEvent): BinaryMessage {
  requireValid(event);
  const { datacontenttype } = event;
  const headers = Object.entries(event)
    .filter(([name, value]) => !NO_HEADER.has(name) && value !== undefined && value !== null)
    .map(([name, value]) => [`${PREFIX}${name}`, value] as const);
  return {
    ...(datacontenttype === undefined ? {} : { contentType: datacontenttype }),
    headers: Object.fromEntries(headers) as BinaryMessage['headers'],
    body: isJsonType(datacontenttype) ? jsonBody(event) : typedBody(event),
  };
}

const DIGITS = /^\d{1,10}$/;

function attributeValue(name: string, value: unknown): unknown {
  return integerAttributes.has(name) && typeof value === 'string' && DIGITS.test(value)
    ? Number(value)
    : value;
}

/** Headers that stand for attributes, and the content type. */
function* attributePairs(message: TransportMessage): Generator<readonly [name: string, value: unknown]> {
  if (message.contentType !== undefined) yield ['datacontenttype', message.contentType];
  for (const [header, value] of Object.entries(message.headers ?? {})) {
    const name = attributeOf(header);
    if (name !== undefined && value !== null && value !== undefined)
      yield [name, attributeValue(name, value)];
  }
}

/** Collects into a map: names are not checked yet, and `__proto__` must not become a prototype. */
function attributesOf(message: TransportMessage): DecodeResult<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const [name, value] of attributePairs(message)) {
    if (name === 'data') return refused('a header holds "data"; in binary mode data is the body');
    if (found.has(name) && found.get(name) !== value) return refused(`attribute "${name}" is given twice`);
    found.set(name, value);
  }
  return decoded(found);
}

/** The data of a body; no `value` when there is none. */
function dataOf(event: CloudEvent, body: Uint8Array): DecodeResult<{ readonly value?: unknown }> {
  const isJson = isJsonType(event.datacontenttype);
  if (body.length === 0 && (isJson || event.dataref !== undefined)) return decoded({});
  if (!isJson) return decoded({ value: plainBytes(body) });
  const json = jsonOf(body);
  return json.ok ? decoded({ value: json.value }) : json;
}

/**
 * A message in binary mode as an event. The body is JSON when its type is JSON or there is none; under any other type,
 * `text/*` too, it stays bytes, because only the reader knows what they mean. An empty body is absent data under JSON
 * or beside a `dataref`, and empty bytes otherwise. Header values are taken as they are: undoing the percent-encoding
 * of the HTTP binding is up to who receives HTTP.
 */
export function decodeBinary(message: TransportMessage): DecodeResult<CloudEvent> {
  const attributes = attributesOf(message);
  if (!attributes.ok) return attributes;
  const event = Object.fromEntries(attributes.value);
  const problem = eventProblem(event);
  if (problem !== undefined) return refused(problem);
  const data = dataOf(event as CloudEvent, message.body);
  if (!data.ok) return data;
  if ('value' in data.value) event.data = data.value.value;
  return decoded(event as CloudEvent);
}
