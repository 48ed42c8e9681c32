import type { CloudEvent, JsonValue } from '@aura/contracts';
import { EVENTS_EXCHANGE, eventKey } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { envelope } from './triggers';
import type { MessagePlace } from './triggers';

/** News of a saga's life, for the public face. */
export function lifeCycle(place: MessagePlace, type: string, data: JsonValue): OutboundMessage {
  return onPublicFace({ ...envelope(place), type, data }, place, false);
}

/** An event for the public face, by its type and definition. */
export function onPublicFace(
  event: CloudEvent,
  { compiled }: MessagePlace,
  mandatory: boolean,
): OutboundMessage {
  const key = eventKey(event.type, compiled.plan.definition);
  const to = { kind: 'exchange', exchange: EVENTS_EXCHANGE, key } as const;
  return { event, to: [mandatory ? { ...to, mandatory } : to] };
}
