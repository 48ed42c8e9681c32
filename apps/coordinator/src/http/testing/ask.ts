import { problemDetails } from '@aura/contracts';
import { expectDescribed } from './described';

/** A door that can be asked. */
export interface Asked {
  readonly url: string;
}

/** Asks a served door and reads the answer as JSON, which must be one that the OpenAPI document describes. */
export async function ask(served: Asked, path: string, init?: RequestInit) {
  const response = await fetch(served.url + path, init);
  const text = await response.text();
  const body =
    text === '' || !isJson(response.headers.get('content-type')) ? undefined : (JSON.parse(text) as unknown);
  const contentType = response.headers.get('content-type');
  const method = init?.method ?? 'GET';
  if (isJson(contentType)) expectDescribed({ method, path, status: response.status, contentType, body });
  return { status: response.status, headers: response.headers, body };
}

/** Asks and expects problem details, well-formed and with the status of the answer. */
export async function problemOf(served: Asked, path: string, init?: RequestInit) {
  const { headers, status, body } = await ask(served, path, init);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = problemDetails.parse(body);
  expect(problem.status).toBe(status);
  return { ...problem, headers };
}

/** A start as a request. */
export function execute(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function isJson(contentType: string | null): boolean {
  return contentType !== null && /[/+]json\b/.test(contentType);
}
