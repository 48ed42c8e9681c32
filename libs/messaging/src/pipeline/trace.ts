import type { CloudEvent } from '@aura/contracts';
import type { OutboundMessage } from '../bus';
import type { Middleware } from './middleware';

/**
 * Hands the trace context of the delivery on to every event published for it that has none of its own: also to dead
 * letters and to what a failure leaves behind, so it stands outside the failures.
 */
export const trace: Middleware = async (context, next) => {
  const outcome = await next(context);
  const { traceparent, tracestate } = context.event;
  if (outcome.kind !== 'done' || traceparent === undefined) return outcome;
  const attributes = { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
  return { ...outcome, publish: outcome.publish.map((message) => traced(message, attributes)) };
};

function traced(
  message: OutboundMessage,
  attributes: Pick<CloudEvent, 'traceparent' | 'tracestate'>,
): OutboundMessage {
  if (message.event.traceparent !== undefined) return message;
  return { ...message, event: { ...message.event, ...attributes } };
}
