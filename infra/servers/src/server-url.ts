import { ServersError } from './errors';
import type { ServerName } from './server';
import { serversEnvironment } from './servers-environment';
import { urlVariable } from './state-file';

/** The URL of a shared server for a test; an error that says what to do when nobody has named one. */
export function serverUrl(name: ServerName): string {
  const variable = urlVariable(name);
  const url = process.env[variable] ?? serversEnvironment()?.[variable];
  if (url === undefined) {
    throw new ServersError(
      `${variable} is not set`,
      'Run "npm run servers:up", or set it to a server of yours.',
    );
  }
  return url;
}
