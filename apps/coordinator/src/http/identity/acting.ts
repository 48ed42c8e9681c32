import type { Actor } from '@aura/saga';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const ACTING = Symbol('actor');

/** A request that knows who makes it, once the guard has asked. */
export interface ActingRequest extends FastifyRequest {
  [ACTING]?: Actor;
}

/** Keeps who makes a request. */
export function setActor(request: ActingRequest, actor: Actor): void {
  request[ACTING] = actor;
}

/** Injects who makes the request. Only on roads that the guard protects; anywhere else it is a mistake of ours. */
export const Acting = createParamDecorator((_none: undefined, context: ExecutionContext): Actor => {
  const actor = context.switchToHttp().getRequest<ActingRequest>()[ACTING];
  if (actor === undefined) throw new TypeError('nobody was asked who makes this request');
  return actor;
});
