import { STRUCTURED_CONTENT_TYPE } from '@aura/contracts';
import { PayloadTooLargeError, TerminalError } from '@aura/kernel';
import { type Destination, largestEnvelope, MAX_ENVELOPE_BYTES, type OutboundMessage } from '@aura/messaging';
import type { Options } from 'amqplib';
import { toAmqpHeaders } from './transport-headers';
import { encodeEvent } from './wire';

/** AMQP's bound for keys and ids. */
const SHORT_STRING_BYTES = 255;

/** A message ready to be copied to its destinations. */
export interface Encoded {
  readonly message: OutboundMessage;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/** Encodes a message once for all its copies. Errors: `PayloadTooLargeError`, `TerminalError` for a key over 255 bytes. */
export function encodeMessage(message: OutboundMessage): Encoded {
  const { event, to } = message;
  for (const destination of to)
    checkName(destination.kind === 'exchange' ? destination.key : destination.queue);
  const body = encodeEvent(event);
  const most = Math.min(...to.map(largestFor));
  if (body.length > most) throw new PayloadTooLargeError(`event ${event.id}`, body.length, most);
  const headers = toAmqpHeaders(message.headers);
  const options = {
    persistent: true,
    // Every copy to a queue is mandatory: a queue that is not there must not swallow it.
    mandatory: true,
    contentType: STRUCTURED_CONTENT_TYPE,
    ...(fits(event.id) ? { messageId: event.id } : {}),
    ...(headers ? { headers } : {}),
  };
  return { message, body, options };
}

function largestFor(destination: Destination): number {
  return destination.kind === 'exchange' ? MAX_ENVELOPE_BYTES : largestEnvelope(destination.queue);
}

function checkName(name: string): void {
  if (fits(name)) return;
  throw new TerminalError(`the routing key or queue ${name} is over ${SHORT_STRING_BYTES} bytes`, {
    code: 'KEY_TOO_LONG',
    help: 'Shorten the event type, the definition id or the queue name.',
    details: { name },
  });
}

function fits(text: string): boolean {
  return text.length <= SHORT_STRING_BYTES / 3 || Buffer.byteLength(text) <= SHORT_STRING_BYTES;
}
