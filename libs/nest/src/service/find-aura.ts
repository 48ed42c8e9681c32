import { UnsafeSetupError } from '@aura/kernel';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { serverEnvironment } from '../runtime/server-environment';
import type { ServerEnvironment } from '../runtime/server-environment';
import type { AuraSettings } from './aura-options';

/** The Aura that a service belongs to. */
export type FoundAura =
  | { readonly kind: 'servers'; readonly environment: ServerEnvironment }
  | { readonly kind: 'embedded'; readonly runFile: string };

/** Where to look: the environment and the working directory of the process. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

type Where = Pick<AuraSettings, 'service' | 'runFile' | 'servers' | 'instance'>;

const SERVERS_FILE = 'servers.env';
const SERVER_URLS = ['AURA_RABBITMQ_URL', 'AURA_MONGODB_URL', 'AURA_REDIS_URL'];

/**
 * Finds the Aura of a service. What the options say comes first, then the environment (`AURA_*_URL`, `AURA_RUN_FILE`),
 * then files in the working directory and the folders above it: `.aura/run.json` of an Aura that runs, then
 * `.aura/servers.env`. A run file of an Aura on servers leads to the `servers.env` beside it. Errors: `UnsafeSetupError` when
 * there is none of these, or servers are named by half.
 */
export function findAura(where: Where, { env, cwd }: Surroundings): FoundAura {
  if (where.servers !== undefined) return onServers(where, optionsAsEnv(where.servers, env));
  if (where.runFile !== undefined) return announcedIn(resolve(cwd, where.runFile), where, env);
  if (SERVER_URLS.some((name) => env[name])) return onServers(where, env);
  if (env['AURA_RUN_FILE']) return announcedIn(resolve(cwd, env['AURA_RUN_FILE']), where, env);
  return findNearby(where, { env, cwd });
}

function findNearby(where: Where, { env, cwd }: Surroundings): FoundAura {
  const runFile = nearest(cwd, 'run.json');
  if (runFile !== undefined && kindIn(runFile) === 'embedded') return { kind: 'embedded', runFile };
  const serversFile = nearest(cwd, SERVERS_FILE);
  if (serversFile !== undefined) return onServersOf(serversFile, where, env);
  throw new UnsafeSetupError(
    `${where.service} finds no Aura: neither AURA_*_URL nor AURA_RUN_FILE is set, and no .aura/run.json or .aura/servers.env is in ${cwd} or above it`,
    'Start an Aura (aura up) and set AURA_RUN_FILE to its .aura/run.json, or set the three AURA_*_URL of its servers.',
  );
}

function announcedIn(runFile: string, where: Where, env: NodeJS.ProcessEnv): FoundAura {
  const serversFile = join(dirname(runFile), SERVERS_FILE);
  if (kindIn(runFile) === 'servers' && existsSync(serversFile)) return onServersOf(serversFile, where, env);
  return { kind: 'embedded', runFile };
}

/** What is announced in a run file; undefined when nobody is. Only an embedded Aura can be joined by a socket. */
function kindIn(runFile: string): FoundAura['kind'] | undefined {
  if (!existsSync(runFile)) return undefined;
  return readFileSync(runFile, 'utf8').includes('"door"') ? 'embedded' : 'servers';
}

function onServersOf(file: string, where: Where, env: NodeJS.ProcessEnv): FoundAura {
  return onServers(where, { ...parseEnv(readFileSync(file, 'utf8')), ...withoutEmpty(env) });
}

/** A variable that is set to nothing says nothing. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function onServers(where: Where, env: NodeJS.ProcessEnv): FoundAura {
  const instance = where.instance === undefined ? {} : { AURA_INSTANCE: where.instance };
  return { kind: 'servers', environment: serverEnvironment({ ...env, ...instance }, where.service) };
}

function optionsAsEnv(
  { rabbitmq, mongodb, redis, prefix }: NonNullable<Where['servers']>,
  { AURA_PREFIX, AURA_INSTANCE }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    AURA_RABBITMQ_URL: rabbitmq,
    AURA_MONGODB_URL: mongodb,
    AURA_REDIS_URL: redis,
    AURA_PREFIX: prefix ?? AURA_PREFIX,
    AURA_INSTANCE,
  };
}

function nearest(cwd: string, name: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, '.aura', name);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return undefined;
  }
}
