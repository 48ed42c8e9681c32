import { connectAmqp } from '@aura/amqp';
import { systemWorld } from '@aura/embedded';
import { UnsafeSetupError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import { payloadBus } from '@aura/messaging';
import { openMongo } from '@aura/mongo';
import type { MongoStores } from '@aura/mongo';
import { openRedis } from '@aura/redis';
import { hostname } from 'node:os';
import { z } from 'zod';
import { asLog } from './line-log';
import type { WriteLine } from './line-log';
import type { AuraRuntime, OwnStores } from './runtime';

/** Where the servers are, and how this process calls itself. */
export const serverSettings = z.object({
  AURA_RABBITMQ_URL: z.string().min(1),
  AURA_MONGODB_URL: z.string().min(1),
  AURA_REDIS_URL: z.string().min(1),
  /** Begins the name of every database and Redis key; one installation, one prefix. */
  AURA_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,20}$/)
    .default('aura'),
  /** Name of this process among all that live; default: service, host and process id. */
  AURA_INSTANCE: z.string().max(80).optional(),
});

/** What {@link serverSettings} gives, with the instance's name settled. */
export interface ServerEnvironment {
  readonly rabbitmq: string;
  readonly mongodb: string;
  readonly redis: string;
  readonly prefix: string;
  readonly instance: string;
}

/** Reads the environment of a service's process. Errors: `UnsafeSetupError` that names what is missing. */
export function serverEnvironment(env: NodeJS.ProcessEnv, service: string): ServerEnvironment {
  const parsed = serverSettings.safeParse(env);
  if (!parsed.success)
    throw new UnsafeSetupError(
      `${service} does not know its servers: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
      'Set the three AURA_*_URL, or run npm run servers:up and load .aura/servers.env (node --env-file=.aura/servers.env).',
    );
  const { AURA_RABBITMQ_URL, AURA_MONGODB_URL, AURA_REDIS_URL, AURA_PREFIX, AURA_INSTANCE } = parsed.data;
  return {
    rabbitmq: AURA_RABBITMQ_URL,
    mongodb: AURA_MONGODB_URL,
    redis: AURA_REDIS_URL,
    prefix: AURA_PREFIX,
    instance: AURA_INSTANCE ?? `${service}-${hostname()}-${process.pid}`,
  };
}

/** Connects to RabbitMQ, MongoDB and Redis; each service gets a database of its own, payloads are shared. */
export async function openServerRuntime(
  environment: ServerEnvironment,
  log: Log | WriteLine,
): Promise<AuraRuntime> {
  const { prefix, instance } = environment;
  const closing: (() => Promise<void>)[] = [];
  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.unshift(() => opened.close());
    return opened;
  };
  const database = async (name: string): Promise<MongoStores> =>
    keep(
      await openMongo({
        url: environment.mongodb,
        database: `${prefix}_${name}`,
        appName: instance.slice(0, 100),
      }),
    );
  const shared = await database('shared');
  const bus = keep(await connectAmqp({ url: environment.rabbitmq, instance }));
  const stores = async (service: string): Promise<OwnStores> => {
    const own = await database(service);
    const fast = keep(await openRedis({ url: environment.redis, namespace: `${prefix}-${service}` }));
    return { journal: own.journal(service), views: own.views(service), fast };
  };
  return {
    mode: 'servers',
    instance,
    bus: payloadBus(bus, shared.claims),
    leases: shared.leases,
    claims: shared.claims,
    world: systemWorld(),
    log: asLog(log),
    stores,
    close: async () => {
      for (const close of closing) await close();
    },
  };
}
