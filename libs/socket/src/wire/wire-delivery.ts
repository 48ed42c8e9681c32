import { decode, decodeStructuredText, encodeStructuredText } from '@aura/contracts';
import type { Delivery } from '@aura/messaging';
import type { WireDelivery } from './protocol';

/** A delivery as it travels, and its envelope for the frame's tail. */
export function deliveryToWire(
  delivery: Delivery,
  tag: number,
): { readonly wire: WireDelivery; readonly envelope: Uint8Array } {
  const { bytes, contentType, headers: raw } = delivery.envelope();
  const { queue, headers, redelivered, returns } = delivery;
  return {
    wire: {
      ...{ tag, queue, headers, redelivered, returns, raw, bytes: bytes.length },
      ...(contentType === undefined ? {} : { contentType }),
      ...toldOf(delivery, contentType),
    },
    envelope: bytes,
  };
}

/** Mostly the envelope says it all, and the event is read once more at the other end instead of travelling twice. */
function toldOf({ event }: Delivery, contentType: string | undefined): Pick<WireDelivery, 'told'> {
  if (!event.ok) return { told: { error: event.error } };
  const isOneOfMany = contentType?.startsWith('application/cloudevents-batch') ?? false;
  return isOneOfMany ? { told: { event: encodeStructuredText(event.value) } } : {};
}

/** The event of a delivery, or why it is none. */
export function eventFromWire(wire: WireDelivery, envelope: Uint8Array): Delivery['event'] {
  const { told, contentType, raw } = wire;
  if (told === undefined) return decode({ contentType, headers: raw, body: envelope });
  return 'error' in told ? { ok: false, error: told.error } : decodeStructuredText(told.event);
}
