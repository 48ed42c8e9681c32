import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { Destination, OutboundMessage } from '../bus';
import { eventAttributes, failSpan, startSpan } from './spans';
import { isSampled } from './trace-context';

/** The spans of one call of `publish`: one for each event of a recorded trace. */
export interface PublishSpans {
  /** Every copy is safe, or not. */
  end(error?: unknown): void;
}

/**
 * Spans of what is published, beside the work that made it: the event carries the context of that work. Nothing when no
 * trace of them is recorded. `system` as OpenTelemetry names messaging systems.
 */
export function publishSpans(messages: readonly OutboundMessage[], system: string): PublishSpans | undefined {
  let spans: Span[] | undefined;
  for (const message of messages)
    if (isSampled(message.event.traceparent)) (spans ??= []).push(spanOf(message, system));
  if (spans === undefined) return undefined;
  const started = spans;
  return {
    end: (error) => {
      for (const span of started) {
        if (error !== undefined) failSpan(span, error);
        span.end();
      }
    },
  };
}

function spanOf({ event, to, headers }: OutboundMessage, system: string): Span {
  const [first] = to;
  return startSpan({
    name: `publish ${event.type}`,
    // Its context is not what the event carries.
    kind: SpanKind.CLIENT,
    parent: event,
    attributes: {
      ...eventAttributes(event),
      'messaging.system': system,
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      ...(first === undefined ? {} : destinationAttributes(first)),
      'aura.destinations': to.length,
      ...(headers?.attempt === undefined ? {} : { 'aura.attempt': headers.attempt }),
    },
  });
}

function destinationAttributes(to: Destination): Attributes {
  if (to.kind === 'exchange')
    return {
      'messaging.destination.name': `${to.exchange}:${to.key}`,
      'messaging.rabbitmq.destination.routing_key': to.key,
    };
  const queue = { 'messaging.destination.name': to.queue };
  return to.kind === 'delay' ? { ...queue, 'aura.delay_ms': to.delayMs } : queue;
}
