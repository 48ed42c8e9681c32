import { hostname } from 'node:os';
import type { z } from 'zod';
import { readSettings } from '../settings/read-settings';
import { serverSettings } from '../settings/service-settings';

/** Where the servers are, with the instance's name settled. */
export interface ServerEnvironment {
  readonly rabbitmq: string;
  readonly mongodb: string;
  readonly redis: string;
  readonly prefix: string;
  readonly instance: string;
}

/** Reads the environment of a service's process. Errors: `UnsafeSetupError` that names what is missing. */
export function serverEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  service: string,
): ServerEnvironment {
  return environmentOf(readSettings(service, serverSettings, { env }), service);
}

/** The servers of settings that have been read. */
export function environmentOf(settings: z.output<typeof serverSettings>, service: string): ServerEnvironment {
  return {
    rabbitmq: settings.AURA_RABBITMQ_URL,
    mongodb: settings.AURA_MONGODB_URL,
    redis: settings.AURA_REDIS_URL,
    prefix: settings.AURA_PREFIX,
    instance: settings.AURA_INSTANCE ?? `${service}-${hostname()}-${process.pid}`,
  };
}
