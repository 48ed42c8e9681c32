import { openServerRuntime, serverEnvironment } from '@aura/nest';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { composeAura } from './compose';
import type { ComposeOptions, RunningAura } from './compose';

/** How an Aura on servers is started. */
export interface ServerAuraOptions extends ComposeOptions {
  /** The environment; what it does not name is taken from `.aura/servers.env` in the working directory. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts coordinator and services in this process, on RabbitMQ, MongoDB and Redis. */
export async function startOnServers(options: ServerAuraOptions): Promise<RunningAura> {
  const log = options.log ?? (() => undefined);
  const environment = serverEnvironment({ ...storedEnvironment(), ...options.env }, 'aura');
  return composeAura(await openServerRuntime(environment, log), options);
}

function storedEnvironment(): NodeJS.Dict<string> {
  const file = join('.aura', 'servers.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}
