import { failSpan, isSampled, startSpan, traceContextOf } from '@aura/messaging';
import type { TraceContext } from '@aura/messaging';
import { SpanKind } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The trace of a request that starts a saga. Its span begins when the saga's id is known, since that decides whether it is
 * recorded, is dated back to the request's arrival, and ends with the answer. A trace that the client began goes on.
 */
export function requestTrace(reply: FastifyReply): (sagaId: string) => TraceContext {
  let begun: TraceContext | undefined;
  return (sagaId) => (begun ??= begin(reply, sagaId));
}

function begin(reply: FastifyReply, sagaId: string): TraceContext {
  const { request } = reply;
  const cause = causeOf(request);
  if (cause.traceparent !== undefined && !isSampled(cause.traceparent)) return cause;
  const route = request.routeOptions.url ?? request.url;
  const span = startSpan({
    name: `${request.method} ${route}`,
    kind: SpanKind.SERVER,
    parent: cause,
    startTime: Date.now() - reply.elapsedTime,
    attributes: {
      'http.request.method': request.method,
      'http.route': route,
      'url.path': route,
      'url.scheme': request.protocol,
      'messaging.message.conversation_id': sagaId,
    },
  });
  if (span.isRecording())
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw;
      if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
      if (!writableFinished || statusCode >= 500)
        failSpan(span, { code: writableFinished ? String(statusCode) : 'CLIENT_GONE' });
      span.end();
    });
  return traceContextOf(span);
}

function causeOf({ headers }: FastifyRequest): TraceContext {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return {};
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}
