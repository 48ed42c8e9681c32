import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { originRefused } from '../problems/known-problems';
import { sendProblem } from '../problems/problem-filter';

/** What a page of another origin may send and read; how long a browser may remember that, seconds. */
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, idempotency-key, last-event-id, traceparent, tracestate',
  'access-control-max-age': '600',
};
const READABLE = 'location, retry-after, www-authenticate, accept-post, allow';

/**
 * Lets pages of the listed origins use the door from a browser (CORS), and refuses those of all others with 403, before
 * anything else of the request is read: a form or a plain GET is sent by browsers without asking first, and would fill the
 * store, or start work, for whoever looks at a foreign page. Pages of this server itself need no list, and who is no
 * browser sends no origin. There are no cookies here: a page that has to sign in sends its own token.
 */
export function guardOrigins(fastify: Pick<FastifyInstance, 'addHook'>, listed: readonly string[]): void {
  const known = new Set(listed);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (known.size > 0) void reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || hostOf(origin) === request.headers.host) return done();
    if (!known.has(origin)) return sendProblem(reply, originRefused(origin));
    void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': READABLE });
    if (isPreflight(request)) return answerPreflight(reply);
    done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight(reply: FastifyReply): void {
  void reply.status(204).headers(PREFLIGHT).send();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
