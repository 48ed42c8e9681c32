import type { IncomingHttpHeaders } from 'node:http';
import { forbidden } from '../problems/known-problems';

/**
 * Refuses a form that a browser sends from a page of another origin: of all that is read here forms alone may be sent
 * from anywhere without the browser asking first, and would fill the store of whoever looks at a foreign page.
 */
export function refuseForeignForm(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  if (origin === undefined || hostOf(origin) === host) return;
  throw forbidden(
    `a page of ${origin.slice(0, 100)} may not send forms here`,
    'Send the picture as the raw body with its own content type, or from a page of this server.',
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
