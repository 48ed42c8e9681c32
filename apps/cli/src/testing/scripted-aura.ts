import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** What a scripted Aura answers at `METHOD /path`; a text is sent as an event stream, anything else as JSON. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>;

/** A server that speaks as Aura does, from a table; for what the CLI makes of answers. */
export async function scriptedAura(answers: Answers) {
  const seen: { readonly what: string; readonly query: string; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [path, query = ''] = (request.url ?? '').split('?');
      const what = `${request.method} ${path}`;
      seen.push({ what, query, body: Buffer.concat(chunks).toString('latin1') });
      answer(response, answers[what] ?? refusal(404, 'SAGA_NOT_FOUND', 'no such saga'));
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

function answer(response: ServerResponse, { status = 200, body }: Answers[string] & object): void {
  const isStream = typeof body === 'string';
  response.writeHead(status, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
  response.end(isStream ? body : JSON.stringify(body));
}

/** Problem details as an answer. */
export function refusal(status: number, code: string, detail: string, more: object = {}) {
  return {
    status,
    body: { type: 'about:blank', title: code, status, detail, code, help: 'Do otherwise.', ...more },
  };
}

/** How a healthy Aura answers. */
export const HEALTHY: Answers = {
  'GET /health': {
    body: {
      status: 'ok',
      version: '0.1.0',
      instance: 'i',
      mode: 'embedded',
      bus: 'up',
      reasons: [],
      participants: [],
    },
  },
};
