import {
  Catch,
  HttpException,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../http-settings';
import { allowedMethods, type RouteTable } from '../route-table';
import { bodyTooLarge, methodNotAllowed, routeNotFound } from './known-problems';
import type { Problem } from './problem';
import { toProblem } from './to-problem';

/** Media type of problem details. */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers every error of every road, thrown by us, by Nest or by the HTTP server, as problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly settings: Pick<HttpSettings, 'bodyBytes' | 'imageBytes'>,
    private readonly log: (line: string) => void,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.problemOf(error, request);
    if (problem.details.status >= 500) this.log(`${request.method} ${request.url}: ${textOf(error)}`);
    if (reply.sent || reply.raw.headersSent) return;
    sendProblem(reply, problem);
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof NotFoundException) return this.withoutRoute(request);
    if (error instanceof HttpException && error.getStatus() === 413) {
      const isImage = request.headers['content-type']?.startsWith('image/') === true;
      return bodyTooLarge(isImage ? this.settings.imageBytes : this.settings.bodyBytes);
    }
    return toProblem(error);
  }

  /** Nest's own "not found" means: no route. It says nothing of the method, so that is asked here. */
  private withoutRoute(request: FastifyRequest): Problem {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allowed = allowedMethods(this.routes, path);
    return allowed.length > 0 ? methodNotAllowed(request.method, path, allowed) : routeNotFound(path);
  }
}

/** Writes a problem as the answer. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  void reply
    .status(problem.details.status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem.details));
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
