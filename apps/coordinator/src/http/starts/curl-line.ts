import type { WorkflowTemplate } from '@aura/contracts';
import type { FastifyRequest } from 'fastify';

/** How this Aura is reached. */
export interface CurlOptions {
  /** E.g. `http://127.0.0.1:8006`. */
  readonly origin: string;
  /** Whether a token has to be sent; it is taken from `AURA_TOKEN`. */
  readonly signsIn: boolean;
}

/** A line for a POSIX shell that starts a workflow's example and waits for its end. */
export function curlLine(
  { workflow, example }: Pick<WorkflowTemplate, 'workflow' | 'example'>,
  { origin, signsIn }: CurlOptions,
): string {
  const body = JSON.stringify({ workflow, input: example });
  const token = signsIn ? ' -H "authorization: Bearer $AURA_TOKEN"' : '';
  const url = quoted(`${origin}/api/v1/workflows/execute`);
  return `curl -sS -X POST ${url} -H 'content-type: application/json'${token} --data-raw ${quoted(body)}`;
}

/** Where the client has reached this server; its own address where the `Host` header is none. */
export function originOf({ protocol, host, socket }: FastifyRequest): string {
  if (/^[\w.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:.]+\](:\d{1,5})?$/.test(host)) return `${protocol}://${host}`;
  const { localAddress = '127.0.0.1', localPort = 80 } = socket;
  return `${protocol}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
