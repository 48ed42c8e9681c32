import { failSpan, isSampled, isTracing, startSpan, traceContextOf } from '@aura/messaging';
import type { TraceContext } from '@aura/messaging';
import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A saga that a request is about. */
interface TracedSaga {
  readonly id: string;
  /** Undefined when there is no such saga. */
  readonly trace: () => Promise<TraceContext | undefined>;
}

/** What a span goes on from, and what it only points at. */
interface Origin {
  readonly parent: TraceContext;
  readonly links?: readonly TraceContext[];
  readonly sagaId?: string;
}

const spans = new WeakMap<object, RequestSpan>();

/**
 * The SERVER span of a request, from its arrival to the end of its answer. A trace that the client began goes on. Else that
 * of a request which starts a saga is the root of the saga's trace, begun when the saga's id is known, since that decides
 * whether it is recorded; one about a saga goes on in the saga's trace; every other is a trace of its own.
 */
export class RequestSpan {
  private readonly arrivedAt = Date.now();
  private context: TraceContext | undefined;
  private span: Span | undefined;
  private saga: TracedSaga | undefined;

  constructor(private readonly reply: FastifyReply) {
    spans.set(reply.request.raw, this);
  }

  /** The request starts this saga, which goes on from what is answered. */
  begin(sagaId: string): TraceContext {
    return (this.context ??= this.start({ parent: causeOf(this.reply.request), sagaId }));
  }

  /** The request is about a saga that was started before, or by an id that nobody holds. */
  about(saga: TracedSaga): void {
    this.saga = saga;
  }

  /** The answer has gone out, or the client has gone. Never fails: what cannot be asked any more only leaves its trace. */
  async end(): Promise<void> {
    const endedAt = Date.now();
    const { statusCode, writableFinished } = this.reply.raw;
    if (this.context === undefined && isTracing()) this.start(await this.origin());
    const { span } = this;
    if (span === undefined) return;
    if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
    if (!writableFinished || statusCode >= 500)
      failSpan(span, { code: writableFinished ? String(statusCode) : 'CLIENT_GONE' });
    span.end(endedAt);
  }

  private async origin(): Promise<Origin> {
    const cause = causeOf(this.reply.request);
    const trace = await this.saga?.trace().catch(() => undefined);
    if (this.saga === undefined || trace === undefined) return { parent: cause };
    const { id: sagaId } = this.saga;
    return cause.traceparent === undefined
      ? { parent: trace, sagaId }
      : { parent: cause, links: [trace], sagaId };
  }

  private start({ parent, links = [], sagaId }: Origin): TraceContext {
    if (parent.traceparent !== undefined && !isSampled(parent.traceparent)) return parent;
    const { request } = this.reply;
    const route = request.is404 ? undefined : request.routeOptions.url;
    const span = startSpan({
      name: route === undefined ? request.method : `${request.method} ${route}`,
      kind: SpanKind.SERVER,
      parent,
      links,
      startTime: this.arrivedAt,
      attributes: { ...attributesOf(request, route), ...attributesOfSaga(sagaId) },
    });
    if (span.isRecording()) this.span = span;
    return traceContextOf(span);
  }
}

/** The span of a request that `traceRequests` saw arrive. */
export function spanOf({ raw }: Pick<FastifyRequest, 'raw'>): RequestSpan {
  const span = spans.get(raw);
  if (span === undefined) throw new TypeError('nobody saw this request arrive');
  return span;
}

/** Never the path as it came: ids in it may be anything. */
function attributesOf({ method, protocol }: FastifyRequest, route: string | undefined): Attributes {
  const known = route === undefined ? {} : { 'http.route': route, 'url.path': route };
  return { 'http.request.method': method, 'url.scheme': protocol, ...known };
}

function attributesOfSaga(sagaId: string | undefined): Attributes {
  return sagaId === undefined ? {} : { 'messaging.message.conversation_id': sagaId };
}

function causeOf({ headers }: FastifyRequest): TraceContext {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return {};
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}
