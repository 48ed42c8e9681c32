import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a server saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One answer: writes to the response as it likes, breaking off included. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A server that answers one request after the other from a list; the last answer repeats. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Starts a scripted server on a free port. */
export async function scriptedServer(...answers: readonly Answer[]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const what = { method, path: url, headers, body: Buffer.concat(chunks) };
      seen.push(what);
      answers[Math.min(seen.length, answers.length) - 1]?.(response, what);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, seen, close };
}

/** Answers JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** Answers problem details. */
export function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const details = { type: `urn:aura:problem:${code}`, title: code, status, detail: `it is ${code}`, code };
  return json(status, details, headers);
}

/** Breaks the connection without an answer. */
export const hangUp: Answer = (response) => response.destroy();

/** Sends pieces of an event stream and then ends it, or cuts it off. */
export function stream(pieces: readonly string[], end: 'ended' | 'cut' | 'open' = 'ended'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(pieces.join(''), () => {
      if (end === 'ended') response.end();
      if (end === 'cut') response.destroy();
    });
  };
}

/** One entry of a feed as a frame. */
export function frame(sequence: number, status: string, step?: string): string {
  const type = step === undefined ? `ai.aura.saga.${status}.v1` : 'ai.aura.greeted.v1';
  const entry = { sequence, type, time: '2026-01-05T08:00:00.000Z', status, ...(step ? { step } : {}) };
  return `id: ${sequence}\ndata: ${JSON.stringify(entry)}\n\n`;
}

/** A saga's detail. */
export function saga(status: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    sagaId: 's',
    workflow: 'greet',
    version: '1.0.0',
    status,
    run: 1,
    input: {},
    startedAt: '2026-01-05T08:00:00.000Z',
    durationMs: 1,
    steps: [],
    sequence: 3,
    ...(['completed', 'failed', 'compensated', 'cancelled'].includes(status)
      ? { endedAt: '2026-01-05T08:00:01.000Z' }
      : {}),
    ...more,
  };
}
