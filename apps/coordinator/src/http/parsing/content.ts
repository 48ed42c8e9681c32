import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { unsupportedMediaType } from '../problems/known-problems';

/** A body as it arrived, with its media type in lower case and without parameters. */
export interface ReceivedContent {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Injects the request's body as bytes; refuses media types other than the listed ones with 415. */
export const Content = createParamDecorator(
  (accepted: readonly string[], context: ExecutionContext): ReceivedContent =>
    receivedContent(context.switchToHttp().getRequest<FastifyRequest>(), accepted),
);

/** A request's body as bytes. Errors: 415 for media types other than the listed ones. */
export function receivedContent(request: FastifyRequest, accepted: readonly string[]): ReceivedContent {
  const header = request.headers['content-type'];
  const mediaType = header?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === undefined || !accepted.includes(mediaType)) throw unsupportedMediaType(header, accepted);
  const body: unknown = request.body;
  return { mediaType, bytes: body instanceof Uint8Array ? body : new Uint8Array() };
}
