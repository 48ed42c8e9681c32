import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** An environment; what it does not name is taken from `.aura/servers.env` in the working directory, if there is one. */
export function withStoredServers(env: Environment): Environment {
  const file = join('.aura', 'servers.env');
  const stored = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...stored, ...env };
}
