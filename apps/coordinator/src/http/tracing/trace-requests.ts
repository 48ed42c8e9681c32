import type { FastifyInstance } from 'fastify';
import { RequestSpan } from './request-span';

/** Roads that are asked every few seconds whether the process lives: nobody's story. */
const UNTRACED = new Set(['/health', '/health/live', '/health/ready', '/metrics']);

/** Gives every request its span, but those of probes. The application does not close before the last span has ended. */
export function traceRequests(fastify: Pick<FastifyInstance, 'addHook'>): void {
  const ending = new Set<Promise<void>>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const span = new RequestSpan(reply);
    if (!UNTRACED.has(request.routeOptions.url ?? ''))
      reply.raw.once('close', () => {
        const end = span.end().finally(() => ending.delete(end));
        ending.add(end);
      });
    done();
  });
  fastify.addHook('onClose', async () => void (await Promise.all(ending)));
}
