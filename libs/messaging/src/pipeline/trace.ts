import type { CloudEvent } from '@aura/contracts';
import type { OutboundMessage } from '../bus';
import { deliverySpan } from '../tracing/delivery-span';
import { failSpan } from '../tracing/spans';
import { isSampled, traceContextOf } from '../tracing/trace-context';
import type { TraceContext } from '../tracing/trace-context';
import type { DeliveryContext, Handler, Middleware } from './middleware';
import type { Outcome } from './outcome';

/**
 * Hands the trace context of the delivery on to every event published for it that has none of its own: also to what a
 * failure leaves behind, so it stands outside the failures. For a handler that makes spans of its own.
 */
export const handTraceOn: Middleware = async (context, next) => withTrace(await next(context), context.event);

/** A span for each delivery of a recorded trace; what is published goes on from there. */
export const trace: Middleware = (context, next) =>
  isSampled(context.event.traceparent) ? inSpan(context, next) : handTraceOn(context, next);

async function inSpan(context: DeliveryContext, next: Handler): Promise<Outcome> {
  const span = deliverySpan(context);
  try {
    return withTrace(await next({ ...context, span }), traceContextOf(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function withTrace(outcome: Outcome, { traceparent, tracestate }: TraceContext): Outcome {
  if (outcome.kind !== 'done' || traceparent === undefined) return outcome;
  if (outcome.publish.every(({ event }) => event.traceparent !== undefined)) return outcome;
  const attributes = { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
  return { ...outcome, publish: outcome.publish.map((message) => traced(message, attributes)) };
}

function traced(
  message: OutboundMessage,
  attributes: Pick<CloudEvent, 'traceparent' | 'tracestate'>,
): OutboundMessage {
  if (message.event.traceparent !== undefined) return message;
  return { ...message, event: { ...message.event, ...attributes } };
}
