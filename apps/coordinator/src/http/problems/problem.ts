import type { ProblemDetails } from '@aura/contracts';

/** What a problem says beyond its status and title. */
export type ProblemParts = Omit<ProblemDetails, 'type' | 'title' | 'status'>;

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  431: 'Header fields too large',
  500: 'Internal error',
  503: 'Service unavailable',
  504: 'Gateway timeout',
};

/**
 * An answer that is an error, as problem details (RFC 9457). `type` is `urn:aura:problem:<code in kebab case>`.
 * Thrown by controllers and pipes, turned into the answer by the one exception filter.
 */
export class Problem extends Error {
  readonly details: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, parts: ProblemParts, headers: Readonly<Record<string, string>> = {}) {
    super(parts.detail);
    this.name = 'Problem';
    this.headers = headers;
    this.details = {
      type: `urn:aura:problem:${parts.code.toLowerCase().replaceAll('_', '-')}`,
      title: titles[status] ?? 'Error',
      status,
      ...parts,
    };
  }
}

/** `Retry-After` in whole seconds, never zero. */
export function retryAfter(milliseconds: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(milliseconds / 1000))) };
}
