import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The top of the checkout. */
export const ROOT = resolve(__dirname, '../../..');

/**
 * The folder of the state of all servers and of `servers.env`: `AURA_SERVERS_DIR`, default `.aura` in the checkout. Another
 * folder is another set of servers.
 */
export function serversFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['AURA_SERVERS_DIR'] ?? join(ROOT, '.aura'));
}

/** What is built once for every checkout: `AURA_CACHE`, default `~/.cache/aura`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['AURA_CACHE'] ?? join(homedir(), '.cache', 'aura'));
}
