import { type CloudEvent, encodeStructuredText } from '@aura/contracts';
import type { OutboundMessage } from '@aura/messaging';
import type { Decoded } from './message';

/** An event made ready: checked, frozen and written as JSON once, whatever number of queues will read it. */
export interface PreparedMessage {
  readonly message: OutboundMessage;
  readonly event: Decoded;
  /** JSON text, what the file keeps. */
  readonly body: string;
}

/** About how much memory a message takes: its text, and as much again for its objects. */
export function sizeOf(body: string): number {
  return 2 * body.length + 200;
}

/** Checks, freezes and writes down an event. Errors: `InvalidEventError`; `TypeError` when its headers are no JSON. */
export function prepareMessage(message: OutboundMessage): PreparedMessage {
  // They are written down with the rest; what cannot be must be known before anything is stored.
  if (message.headers !== undefined) JSON.stringify(message.headers);
  const body = encodeStructuredText(message.event);
  return { message, event: { ok: true, value: deepFrozen(message.event) }, body };
}

/** The same object is handed to every consumer of the process, so nobody may change it. */
function deepFrozen(event: CloudEvent): CloudEvent {
  freeze(event);
  return event;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return;
  Object.freeze(value);
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) freeze(members[name]);
}
