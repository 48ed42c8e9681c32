import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { Problem, type ProblemParts } from './problem';
import { PROBLEM_TYPE } from './problem-filter';

const REFUSALS: Readonly<Record<string, readonly [status: number, parts: ProblemParts]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    {
      code: 'HEADERS_TOO_LARGE',
      detail: 'the head of the request is too large',
      help: 'Send a shorter path and fewer headers.',
    },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    {
      code: 'REQUEST_TIMEOUT',
      detail: 'the request did not come whole in time',
      help: 'Send it without long pauses.',
    },
  ],
};

const MALFORMED: ProblemParts = {
  code: 'BAD_REQUEST',
  detail: 'this is no HTTP request',
  help: 'Send a well-formed HTTP/1.1 request.',
};

/** Answers what never became a request, as problem details, and closes the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, parts] = REFUSALS[error.code ?? ''] ?? [400, MALFORMED];
  const body = JSON.stringify(new Problem(status, parts).details);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
