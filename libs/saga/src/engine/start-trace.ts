import { isSampled, startSpan, traceContextOf } from '@aura/messaging';
import type { TraceContext } from '@aura/messaging';
import { SpanKind } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';

/** How the trace of a saga begins. */
export interface StartTrace {
  /** What the saga's events go on from; empty when there is no tracing. */
  readonly context: TraceContext;
  /** What is done to start it, where that is recorded. */
  readonly span?: Span;
}

/** The start of a saga as whoever wants it has settled it. */
interface Start {
  readonly sagaId: string;
  readonly definition: string;
  /** What led to the start: a request, an event. Without one the saga begins a trace. */
  readonly cause: TraceContext;
}

/** Begins the trace of a saga, or goes on with that of its cause. Whether it is recorded is decided here, by the saga's id. */
export function beginTrace({ sagaId, definition, cause }: Start): StartTrace {
  if (cause.traceparent !== undefined && !isSampled(cause.traceparent)) return { context: cause };
  const span = startSpan({
    name: `start ${definition}`,
    kind: SpanKind.INTERNAL,
    parent: cause,
    attributes: { 'messaging.message.conversation_id': sagaId, 'aura.definition': definition },
  });
  const context = traceContextOf(span);
  return span.isRecording() ? { context, span } : { context };
}
