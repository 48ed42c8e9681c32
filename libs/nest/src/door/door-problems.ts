import type { ProblemDetails } from '@aura/contracts';
import { isAuraError } from '@aura/kernel';
import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  STORE_UNAVAILABLE: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  503: 'Service unavailable',
};

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer realm="aura"' },
  503: { 'retry-after': '1' },
};

/** Answers every error of a service's own door as problem details (RFC 9457). */
@Catch()
export class DoorProblems implements ExceptionFilter {
  constructor(private readonly log: (line: string) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status >= 500)
      this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void reply
      .status(problem.status)
      .headers(HEADERS[problem.status] ?? {})
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }
}

function problemOf(error: unknown): ProblemDetails {
  if (isAuraError(error)) {
    const status = STATUS[error.code] ?? 500;
    if (status < 500 || status === 503) return details(status, error.code, error.message, error.help);
  }
  if (error instanceof HttpException && error.getStatus() < 500)
    return details(
      error.getStatus(),
      error.getStatus() === 404 ? 'NOT_FOUND' : 'BAD_REQUEST',
      error.message,
      'This service answers GET /health/live, /health/ready and /metrics; the API is the coordinator’s.',
    );
  return details(
    500,
    'INTERNAL',
    'something went wrong inside; the log of this process says more',
    'Look at the log of the process; the request may be sent again.',
  );
}

function details(status: number, code: string, detail: string, help: string): ProblemDetails {
  const type = `urn:aura:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title: TITLES[status] ?? 'Error', status, detail, code, help };
}
