import { type CloudEvent, decode, decodeBatch, encodeStructuredText } from '@aura/contracts';
import { err, type Result } from '@aura/kernel';
import { type DecodeError, MAX_ENVELOPE_BYTES, type QueueKind } from '@aura/messaging';
import type { ConsumeMessage } from 'amqplib';

/** One event in structured mode: its JSON text as bytes. Error: `InvalidEventError`. */
export function encodeEvent(event: CloudEvent): Buffer {
  return Buffer.from(encodeStructuredText(event));
}

/**
 * The events of a message, or why there are none: one result in most queues, one for each event of a batch in a
 * tracker's. The crashed queue takes batches apart too, because a tracker's may end there.
 */
export function decodeMessage(
  message: ConsumeMessage,
  kind: QueueKind | undefined,
): readonly Result<CloudEvent, DecodeError>[] {
  const { content: body, properties } = message;
  if (body.length > MAX_ENVELOPE_BYTES) {
    return [
      err({ code: 'TOO_LARGE', message: `${body.length} bytes; at most ${MAX_ENVELOPE_BYTES} are read` }),
    ];
  }
  const contentType: unknown = properties.contentType;
  const envelope = {
    contentType: typeof contentType === 'string' ? contentType : undefined,
    headers: properties.headers,
    body,
  };
  if (kind !== 'tracker' && kind !== 'crashed') return [decode(envelope)];
  const events = decodeBatch(envelope);
  return events.ok ? events.value.map((value) => ({ ok: true, value })) : [events];
}
