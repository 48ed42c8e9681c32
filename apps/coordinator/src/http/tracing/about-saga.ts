import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HttpDependencies } from '../http-dependencies';
import { HTTP_DEPENDENCIES } from '../tokens';
import { spanOf } from './request-span';

/** Tells the span of a request which saga it is about: every road with a `:sagaId` in its path. */
@Injectable()
export class AboutSaga implements NestInterceptor {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { sagaId: id } = request.params as { readonly sagaId?: string };
    if (id !== undefined) spanOf(request).about({ id, trace: async () => this.door.traceOf?.(id) });
    return next.handle();
  }
}
