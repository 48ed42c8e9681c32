import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { DeliveryContext } from '../pipeline/middleware';
import { eventAttributes, startSpan } from './spans';
import type { TraceContext } from './trace-context';

/** What a span says beside the delivery that it handles. */
export interface DeliverySpanWords {
  /** What a viewer shows; default `process <type>`. */
  readonly name?: string;
  /** Contexts that led here beside that of the delivery. */
  readonly links?: readonly TraceContext[];
  readonly attributes?: Attributes;
  /** The context that it goes on from, when that is not the delivery's. */
  readonly parent?: TraceContext;
}

/** The span of what a consumer does with one delivery. Ask whether it is recorded first, and end it. */
export function deliverySpan(context: DeliveryContext, words: DeliverySpanWords = {}): Span {
  const { event, delivery, consumer, attempt } = context;
  return startSpan({
    name: words.name ?? `process ${event.type}`,
    kind: SpanKind.CONSUMER,
    parent: words.parent ?? event,
    ...(words.links === undefined ? {} : { links: words.links }),
    attributes: {
      ...eventAttributes(event),
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': delivery.queue,
      'messaging.consumer.group.name': consumer,
      ...(attempt > 1 ? { 'aura.attempt': attempt } : {}),
      ...(event.aurareplay === undefined ? {} : { 'aura.replay': event.aurareplay }),
      ...words.attributes,
    },
  });
}
