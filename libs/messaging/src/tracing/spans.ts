import type { CloudEvent } from '@aura/contracts';
import { isAuraError } from '@aura/kernel';
import { ProxyTracerProvider, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Link, Span, SpanKind, TimeInput } from '@opentelemetry/api';
import { parentContext, spanContextOf } from './trace-context';
import type { TraceContext } from './trace-context';

/** Name of the instrumentation, as viewers show it. */
const SCOPE = 'aura';

/** A span to be started. */
export interface SpanWish {
  readonly name: string;
  readonly kind: SpanKind;
  /** The context that it goes on from; without one it begins a trace. */
  readonly parent: TraceContext;
  /** Further contexts that led to it. */
  readonly links?: readonly TraceContext[];
  readonly attributes: Attributes;
  readonly startTime?: TimeInput;
}

/** Starts a span with the tracer of the process. Ask whether its context is sampled first: most are not. */
export function startSpan({ name, kind, parent, links = [], attributes, startTime }: SpanWish): Span {
  return trace.getTracer(SCOPE).startSpan(
    name,
    {
      kind,
      attributes,
      links: links.flatMap(linkTo),
      ...(startTime === undefined ? {} : { startTime }),
    },
    parentContext(parent),
  );
}

/** Whether the process has a tracer at all: without one, what only spans need is not worth a question. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  const none = new ProxyTracerProvider().getDelegate();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== none;
}

function linkTo(context: TraceContext): readonly Link[] {
  const spanContext = spanContextOf(context);
  return spanContext === undefined ? [] : [{ context: spanContext }];
}

/**
 * Attributes that every span about an event has, by the semantic conventions of OpenTelemetry for messaging and
 * CloudEvents (1.36 and later); those of sagas begin with `aura.`. Never its payload.
 */
export function eventAttributes(event: CloudEvent): Attributes {
  const { id, source, type, correlationid, aurastep, aurarun, auraepoch } = event;
  return {
    'messaging.message.id': id,
    'cloudevents.event_id': id,
    'cloudevents.event_source': source,
    'cloudevents.event_type': type,
    ...(correlationid === undefined ? {} : { 'messaging.message.conversation_id': correlationid }),
    ...(aurastep === undefined ? {} : { 'aura.step': aurastep }),
    ...(aurarun === undefined ? {} : { 'aura.run': aurarun }),
    ...(auraepoch === undefined ? {} : { 'aura.epoch': auraepoch }),
  };
}

/** Says that what a span stands for went wrong: by code alone, since messages may quote payloads. */
export function failSpan(span: Span, error: unknown): void {
  const code = codeOf(error);
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}

function codeOf(error: unknown): string {
  if (isAuraError(error)) return error.code;
  if (error instanceof Error) return error.name;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
