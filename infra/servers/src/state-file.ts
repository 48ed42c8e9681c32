import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_NAMES, type ServerName, type ServerRecord } from './server';

/** What runs, by server. */
export type ServersState = Readonly<Partial<Record<ServerName, ServerRecord>>>;

/** The file that says which servers belong to a folder. */
export function stateFile(folder: string): string {
  return join(folder, 'servers', 'state.json');
}

/** The environment for whoever uses the servers: lines `KEY=VALUE`. */
export function envFile(folder: string): string {
  return join(folder, 'servers.env');
}

/** The stored state; empty when there is none. */
export function readState(folder: string): ServersState {
  try {
    return JSON.parse(readFileSync(stateFile(folder), 'utf8')) as ServersState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Stores the state and writes `servers.env` from it; without any server both files are removed. */
export function writeState(folder: string, state: ServersState): void {
  const records = SERVER_NAMES.flatMap((name) => state[name] ?? []);
  if (records.length === 0) {
    rmSync(stateFile(folder), { force: true });
    rmSync(envFile(folder), { force: true });
    return;
  }
  mkdirSync(join(folder, 'servers'), { recursive: true });
  replaceFile(stateFile(folder), `${JSON.stringify(state, null, 2)}\n`);
  const lines = records.flatMap((record) => Object.entries(environmentOf(record)));
  replaceFile(envFile(folder), lines.map(([key, value]) => `${key}=${value}\n`).join(''));
}

/** The environment variables of one server, its URL among them. */
export function environmentOf(record: ServerRecord): Readonly<Record<string, string>> {
  return { [urlVariable(record.name)]: record.url, ...record.settings };
}

/** `AURA_RABBITMQ_URL`, `AURA_MONGODB_URL`, `AURA_REDIS_URL`. */
export function urlVariable(name: ServerName): string {
  return `AURA_${name.toUpperCase()}_URL`;
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
