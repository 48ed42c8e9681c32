import { readFileSync } from 'node:fs';
import { serversFolder } from './layout';
import { SERVER_NAMES } from './server';
import { envFile, urlVariable } from './state-file';

/**
 * Everything that says where the servers are: the lines of `servers.env`, and above them the variables of the environment.
 * Undefined when one of the three URLs is missing.
 */
export function serversEnvironment(
  folder: string = serversFolder(),
): Readonly<Record<string, string>> | undefined {
  const given = Object.entries(process.env).filter(isAura);
  const all: Readonly<Record<string, string>> = { ...storedLines(folder), ...Object.fromEntries(given) };
  return SERVER_NAMES.every((name) => all[urlVariable(name)] !== undefined) ? all : undefined;
}

function isAura(entry: [string, string | undefined]): entry is [string, string] {
  return entry[0].startsWith('AURA_') && entry[1] !== undefined && entry[1] !== '';
}

function storedLines(folder: string): Readonly<Record<string, string>> {
  try {
    const lines = readFileSync(envFile(folder), 'utf8')
      .split('\n')
      .filter((line) => line.includes('='));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
