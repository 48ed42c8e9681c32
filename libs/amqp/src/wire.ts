import { type CloudEvent, decode, decodeBatch, encodeStructuredText } from '@aura/contracts';
import { err, type Result } from '@aura/kernel';
import { type DecodeError, largestEnvelope, type QueueKind } from '@aura/messaging';
import type { ConsumeMessage } from 'amqplib';

/** One event in structured mode: its JSON text as bytes. Error: `InvalidEventError`. */
export function encodeEvent(event: CloudEvent): Buffer {
  return Buffer.from(encodeStructuredText(event));
}

/**
 * The events of a message, or why there are none; always one result at least: one in most queues, one for each event of a batch in a
 * tracker's. The crashed queue takes batches apart too, because a tracker's may end there.
 */
export function decodeMessage(
  message: ConsumeMessage,
  { queue, kind }: { readonly queue: string; readonly kind: QueueKind | undefined },
): readonly Result<CloudEvent, DecodeError>[] {
  const { content: body, properties } = message;
  const most = largestEnvelope(queue);
  if (body.length > most)
    return [err({ code: 'TOO_LARGE', message: `${body.length} bytes; at most ${most} are read` })];
  const contentType: unknown = properties.contentType;
  const envelope = {
    contentType: typeof contentType === 'string' ? contentType : undefined,
    headers: withTimes(properties.headers),
    body,
  };
  if (kind !== 'tracker' && kind !== 'crashed') return [decode(envelope)];
  const events = decodeBatch(envelope);
  if (!events.ok) return [events];
  // A message without a delivery would never be settled.
  if (events.value.length === 0) return [err({ code: 'UNDECODABLE', message: 'the batch has no events' })];
  return events.value.map((value) => ({ ok: true, value }));
}

/** AMQP has a type for times, of whole seconds; CloudEvents write them as text. */
function withTimes(headers: ConsumeMessage['properties']['headers']): Readonly<Record<string, unknown>> {
  if (headers === undefined) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, timeAsText(value)]));
}

function timeAsText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('!' in value) || value['!'] !== 'timestamp')
    return value;
  const seconds = 'value' in value ? Number(value.value) : Number.NaN;
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? value : time.toISOString();
}
