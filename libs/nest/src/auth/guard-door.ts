import type { Actor } from '@aura/saga';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator } from './authenticator';

const actors = new WeakMap<object, Actor>();

/** Roads that answer everybody: whoever looks whether the process lives. */
const OPEN = new Set(['/health', '/health/live', '/health/ready']);

/** Asks who comes before anything of a request is read; health is open to all. Refusals go the way of every error. */
export function guardDoor(fastify: Pick<FastifyInstance, 'addHook'>, authenticator: Authenticator): void {
  fastify.addHook('onRequest', async (request: FastifyRequest) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (OPEN.has(path)) return;
    actors.set(request.raw, await authenticator.actorOf(request.headers.authorization));
  });
}

/** Who a request speaks for; undefined where {@link guardDoor} has not been. */
export function actorOfRequest(request: Pick<FastifyRequest, 'raw'>): Actor | undefined {
  return actors.get(request.raw);
}
