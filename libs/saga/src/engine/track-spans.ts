import { deliverySpan, failSpan, isSampled } from '@aura/messaging';
import type { DeliveryContext } from '@aura/messaging';
import type { Span } from '@opentelemetry/api';

/** Deliveries of one saga that are handled together. */
interface Gathered {
  readonly waiting: readonly { readonly context: DeliveryContext }[];
}

/** The spans of one turn of a tracker. */
export interface TrackSpans {
  failed(error: unknown): void;
  end(): void;
}

/**
 * A span for each saga of a turn whose trace is recorded: it goes on from the saga's first delivery, the others of the
 * batch are links. Nothing when none is recorded.
 */
export function trackSpans(taken: readonly Gathered[]): TrackSpans | undefined {
  let spans: Span[] | undefined;
  for (const { waiting } of taken) {
    const first = waiting[0]?.context;
    if (first !== undefined && isSampled(first.event.traceparent))
      (spans ??= []).push(spanOf(first, waiting));
  }
  if (spans === undefined) return undefined;
  const started = spans;
  return {
    failed: (error) => started.forEach((span) => failSpan(span, error)),
    end: () => started.forEach((span) => span.end()),
  };
}

function spanOf(first: DeliveryContext, waiting: Gathered['waiting']): Span {
  return deliverySpan(first, {
    name: 'track saga',
    links: waiting.slice(1).map(({ context }) => context.event),
    attributes: { 'messaging.batch.message_count': waiting.length },
  });
}
