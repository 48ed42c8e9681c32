import type { CloudEvent } from '@aura/contracts';
import type { OutboundMessage } from '../bus';
import type { Middleware } from './middleware';
import type { Outcome } from './outcome';

/** Hands the trace context of the delivery on to every event published for it that has none of its own. */
export const trace: Middleware = async (context, next) => {
  const outcome = await next(context);
  const { traceparent } = context.event;
  return traceparent === undefined ? outcome : withTrace(outcome, context.event);
};

function withTrace(outcome: Outcome, cause: CloudEvent): Outcome {
  switch (outcome.kind) {
    case 'done':
      return { ...outcome, publish: outcome.publish.map((message) => traced(message, cause)) };
    case 'many':
      return { ...outcome, outcomes: outcome.outcomes.map((inner) => withTrace(inner, cause)) };
    default:
      return outcome;
  }
}

function traced(message: OutboundMessage, cause: CloudEvent): OutboundMessage {
  if (message.event.traceparent !== undefined || cause.traceparent === undefined) return message;
  const { traceparent, tracestate } = cause;
  return {
    ...message,
    event: { ...message.event, traceparent, ...(tracestate === undefined ? {} : { tracestate }) },
  };
}
