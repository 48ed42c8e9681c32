import { deadLetterRecorded } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { fromUint8Array } from 'js-base64';
import type { OutboundMessage } from '../bus';
import type { DeliveryContext } from './middleware';
import type { Dead } from './outcome';

/** Queue of the dead letters; the coordinator records them. */
export const DEAD_LETTERS_QUEUE = 'aura.dead-letters';

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
    ...(context.delivery.event.ok ? correlationOf(context.event) : {}),
    data: {
      deadLetterId: id,
      queue: context.delivery.queue,
      consumer: context.consumer,
      targets,
      attempts: context.attempt,
      error: { ...error },
      body: fromUint8Array(bytes),
      ...(contentType === undefined ? {} : { contentType }),
      headers: jsonHeaders(headers),
      recordedAt: now,
    },
  };
  return { id, message: { event, to: [{ kind: 'queue', queue: DEAD_LETTERS_QUEUE }] } };
}

function correlationOf(event: CloudEvent): Partial<CloudEvent> {
  return {
    causationid: event.id,
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

/** FNV-1a, 32 bit, over the bytes, and their number: tells undecodable envelopes apart. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${hash.toString(16)}-${bytes.length}`;
}

function jsonHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, jsonHeader(value)]));
}

function jsonHeader(value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}
