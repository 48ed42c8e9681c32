import type { CloudEvent } from '@aura/contracts';
import { createTraceState, isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Span, SpanContext } from '@opentelemetry/api';

/** Trace context of an event or request, as W3C Trace Context writes it. */
export type TraceContext = Pick<CloudEvent, 'traceparent' | 'tracestate'>;

/** Version 00 ends behind the flags; later versions may go on. `ff` is no version. */
const TRACEPARENT =
  /^(?:00-(?!.{52}-)|(?!00|ff)[\da-f]{2}-)([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
/** Where the last digit of the flags stands. */
const FLAG_DIGIT = 54;
const CODE_OF_COLON = 58;

/** Whether a trace context says that its trace is recorded. Looks at one character: it is asked for every event. */
export function isSampled(traceparent: string | undefined): traceparent is string {
  if (traceparent === undefined) return false;
  const digit = traceparent.charCodeAt(FLAG_DIGIT);
  // Of hexadecimal digits 1, 3, 5, 7, 9 are odd in ASCII, and b, d, f are even.
  return digit < CODE_OF_COLON ? (digit & 1) === 1 : digit > CODE_OF_COLON && (digit & 1) === 0;
}

/** Id of the trace that a context belongs to, for lines of a log; nothing for what is too short to have one. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined || traceparent.length <= FLAG_DIGIT ? undefined : traceparent.slice(3, 35);
}

/** A trace context as OpenTelemetry holds it; nothing for what is none. */
export function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const parts = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (parts === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = parts;
  const context: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(context) ? context : undefined;
}

/** What is to be the parent of a span; the root of a new trace when there is none. */
export function parentContext(parent: TraceContext): Context {
  const context = spanContextOf(parent);
  return context === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context);
}

/** The trace context of what happens under a span; nothing when there is no tracing. */
export function traceContextOf(span: Span): TraceContext {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return {};
  const { traceId, spanId, traceFlags, traceState } = context;
  const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  const traceparent = `00-${traceId}-${spanId}-${flags}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}
