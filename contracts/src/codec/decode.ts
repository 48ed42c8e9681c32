import type { CloudEvent } from '../cloud-event';
import { decodeBinary, hasEventHeaders } from './binary';
import type { TransportMessage } from './binary';
import { essenceOf, STRUCTURED_CONTENT_TYPE } from './content-type';
import { decoded, refused } from './decode-result';
import type { DecodeResult } from './decode-result';
import { decodeValue, jsonOf } from './structured';

type Mode = 'structured' | 'batch' | 'binary' | 'unknown' | 'foreign';

function modeByType(essence: string): Mode | undefined {
  if (essence === 'application/cloudevents+json') return 'structured';
  if (essence === 'application/cloudevents-batch+json') return 'batch';
  return /^application\/cloudevents(-batch)?\+/.test(essence) ? 'foreign' : undefined;
}

function modeOf(message: TransportMessage): Mode {
  if (message.contentType === STRUCTURED_CONTENT_TYPE) return 'structured';
  return (
    modeByType(essenceOf(message.contentType)) ?? (hasEventHeaders(message.headers) ? 'binary' : 'unknown')
  );
}

function claimsToBeEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'specversion');
}

const batchRefused = refused('the message is a batch of events where one event is expected', 'BATCH_REFUSED');

/** Structured mode under another name: some senders say text/plain. A `specversion` in the body gives it away. */
function decodeUnknown(message: TransportMessage): DecodeResult<CloudEvent> {
  const json = jsonOf(message.body);
  if (json.ok && claimsToBeEvent(json.value)) return decodeValue(json.value);
  if (json.ok && Array.isArray(json.value) && json.value.some(claimsToBeEvent)) return batchRefused;
  return refused('neither headers nor body say specversion: the message is no CloudEvent');
}

/**
 * A message as an event: structured mode whatever its content type claims, or binary mode with the prefixes
 * `cloudEvents:`, `cloudEvents_` and `ce-`. Strict: whatever breaks a rule of `attributeRules` is refused.
 * Members of JSON objects that come twice count as the last one, as in `JSON.parse`. Never throws.
 */
export function decode(message: TransportMessage): DecodeResult<CloudEvent> {
  const mode = modeOf(message);
  switch (mode) {
    case 'structured': {
      const json = jsonOf(message.body);
      return json.ok ? decodeValue(json.value) : json;
    }
    case 'binary':
      return decodeBinary(message);
    case 'batch':
      return batchRefused;
    case 'foreign':
      return refused(`events in the format ${essenceOf(message.contentType)} are not understood`);
    case 'unknown':
      return decodeUnknown(message);
  }
}

/** All events of an array, or the first refusal. */
function decodeAll(values: readonly unknown[]): DecodeResult<readonly CloudEvent[]> {
  const events: CloudEvent[] = [];
  for (const [index, value] of values.entries()) {
    const event = decodeValue(value);
    if (!event.ok) return refused(`event ${index} of the batch: ${event.error.message}`);
    events.push(event.value);
  }
  return decoded(events);
}

/**
 * A message of a tracker's queue as its events, in order: a batch (by its content type), or one event in any mode.
 * One bad event refuses the whole batch: Aura alone makes batches and checks every event before.
 */
export function decodeBatch(message: TransportMessage): DecodeResult<readonly CloudEvent[]> {
  if (modeOf(message) !== 'batch') {
    const event = decode(message);
    return event.ok ? decoded([event.value]) : event;
  }
  const json = jsonOf(message.body);
  if (!json.ok) return json;
  return Array.isArray(json.value) ? decodeAll(json.value) : refused('the batch is JSON, but no array');
}
