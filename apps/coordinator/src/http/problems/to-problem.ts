import { isAuraError, PayloadTooLargeError, StoreUnavailableError } from '@aura/kernel';
import { HttpException } from '@nestjs/common';
import { forbidden, unauthenticated } from './known-problems';
import { Problem, retryAfter, type ProblemParts } from './problem';

const STORE_RETRY_MS = 1000;

/** What the HTTP server itself refuses, by status: bodies and headers that never reach a controller. */
const transport: Readonly<Record<number, Omit<ProblemParts, 'detail'>>> = {
  400: { code: 'BAD_REQUEST', help: 'Send a well-formed HTTP request.' },
  408: { code: 'REQUEST_TIMEOUT', help: 'Send the whole request without long pauses.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', help: 'Send a content type that this road reads.' },
  503: { code: 'STOPPING', help: 'Aura is stopping; send it again in a moment.' },
};

/** Any error as an answer. What nobody expected is a 500 that tells nothing of the inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PayloadTooLargeError) {
    return new Problem(413, { code: error.code, detail: error.message, help: error.help });
  }
  if (error instanceof StoreUnavailableError) {
    const parts = { code: error.code, detail: error.message, help: error.help };
    return new Problem(503, parts, retryAfter(STORE_RETRY_MS));
  }
  return ofIdentity(error) ?? ofTransport(error) ?? unexpected(error);
}

/** Who makes a request is told elsewhere too, by errors that know nothing of HTTP. */
function ofIdentity(error: unknown): Problem | undefined {
  if (!isAuraError(error)) return undefined;
  if (error.code === 'UNAUTHENTICATED') return unauthenticated(error.message, error.help);
  return error.code === 'FORBIDDEN' ? forbidden(error.message, error.help) : undefined;
}

function ofTransport(error: unknown): Problem | undefined {
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  const known = transport[status];
  if (!known && status >= 500) return undefined;
  return new Problem(status, { ...(known ?? { code: 'BAD_REQUEST' }), detail: error.message });
}

function unexpected(error: unknown): Problem {
  return new Problem(500, {
    code: isAuraError(error) ? error.code : 'INTERNAL',
    detail: 'something went wrong inside; the log of this process says more',
    help: 'Look at the log of the process; the request may be sent again.',
  });
}
