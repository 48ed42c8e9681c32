import { deadLetterRecorded } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { fromUint8Array } from 'js-base64';
import { DEAD_LETTERS_QUEUE, MAX_ENVELOPE_BYTES } from '../bus';
import type { OutboundMessage } from '../bus';
import { traceContextOf } from '../tracing/trace-context';
import type { DeliveryContext } from './middleware';
import type { Dead } from './outcome';

/** What is kept of an envelope that is too large to be read at all. */
const BEGINNING_BYTES = 64 * 1024;

/**
 * The dead letter of a delivery: its envelope byte for byte, why, how often, whose, and the saga. `source` is the
 * CloudEvents source of the consumer.
 */
export function deadLetterOf(
  context: DeliveryContext,
  { error, targets }: Pick<Dead, 'error' | 'targets'>,
  at: { readonly source: string; readonly nowMs: number },
): { readonly id: string; readonly message: OutboundMessage } {
  const id = deadLetterId(context, targets);
  const now = new Date(at.nowMs).toISOString();
  const { bytes, contentType, headers } = context.delivery.envelope();
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    source: at.source,
    type: deadLetterRecorded.type,
    time: now,
    datacontenttype: 'application/json',
    ...(context.delivery.event.ok ? correlationOf(context) : {}),
    data: {
      deadLetterId: id,
      queue: context.delivery.queue,
      consumer: context.consumer,
      targets,
      attempts: context.attempt,
      error: { ...error },
      ...bodyOf(bytes),
      ...(contentType === undefined ? {} : { contentType }),
      headers: jsonHeaders(headers),
      recordedAt: now,
    },
  };
  return { id, message: { event, to: [{ kind: 'queue', queue: DEAD_LETTERS_QUEUE }] } };
}

/** The whole of what could have been read: only that can be handled another time. */
function bodyOf(bytes: Uint8Array): { readonly body: string; readonly bodyBytes?: number } {
  if (bytes.length <= MAX_ENVELOPE_BYTES) return { body: fromUint8Array(bytes) };
  return { body: fromUint8Array(bytes.subarray(0, BEGINNING_BYTES)), bodyBytes: bytes.length };
}

/** The letter belongs to the saga, and to the trace, of what could not be handled. */
function correlationOf({ event, span }: DeliveryContext): Partial<CloudEvent> {
  const { traceparent, tracestate } = span === undefined ? event : traceContextOf(span);
  return {
    causationid: event.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(event.correlationid === undefined ? {} : { correlationid: event.correlationid }),
    ...(event.aurapartition === undefined ? {} : { aurapartition: event.aurapartition }),
  };
}

/** The same failing delivery always makes the same dead letter; another epoch or replay makes another. */
function deadLetterId({ delivery, event }: DeliveryContext, targets: readonly string[]): string {
  const { queue, headers } = delivery;
  if (!delivery.event.ok)
    return ['dead', queue, 'undecodable', fingerprint(delivery.envelope().bytes)].join('/');
  // Only source and id together tell events apart: two foreign services may both have an event `1`.
  const identity = [event.source, event.id, targets.join('+'), headers.epoch ?? 1, event.replayid ?? ''];
  return ['dead', queue, ...identity].join('/');
}

/** Tells undecodable envelopes apart. Nothing weaker: of two that look the same one would be lost. */
function fingerprint(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

function jsonHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, jsonHeader(value)]));
}

function jsonHeader(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}
