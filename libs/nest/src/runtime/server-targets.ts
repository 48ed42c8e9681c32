import { StoreUnavailableError } from '@aura/kernel';
import type { Log } from '@aura/kernel';
import type { MongoStores } from '@aura/mongo';
import type { RedisStores } from '@aura/redis';
import type { EventBus } from '@aura/messaging';
import type { Target } from './awaited-connection';
import type { ServerEnvironment } from './server-environment';

// Adapters of servers are loaded by whoever connects: their drivers take a fifth of a second, which an embedded Aura has no use for.

/** One try to reach a server that is not there; the waiting between tries is not the adapters'. */
const ONE_TRY_MS = 1000;

/** The broker. */
export function rabbitmqOf({ rabbitmq: url, instance }: ServerEnvironment, log: Log): Target<EventBus> {
  return {
    name: 'rabbitmq',
    where: `RabbitMQ at ${hostOf(url)}`,
    connect: async () => {
      const { connectAmqp } = await import('@aura/amqp');
      return connectAmqp({ url, instance, startTimeoutMs: ONE_TRY_MS }, log);
    },
    ask: async (bus) => {
      const { status, reason } = bus.health();
      if (status !== 'up')
        throw new StoreUnavailableError(`RabbitMQ is ${status}: ${reason ?? 'no reason known'}`);
    },
    close: (bus) => bus.close(),
  };
}

/** A database: `shared`, or that of a service. */
export function mongodbOf(
  { mongodb: url, prefix, instance }: ServerEnvironment,
  database: string,
  name: string,
): Target<MongoStores> {
  return {
    name,
    where: `MongoDB at ${hostOf(url)}`,
    connect: async (signal) => {
      const { openMongo } = await import('@aura/mongo');
      return openMongo({ url, database: `${prefix}_${database}`, appName: instance.slice(0, 100) }, signal);
    },
    ask: (stores) => stores.ping(),
    close: (stores) => stores.close(),
  };
}

/** The keys of a service. */
export function redisOf(
  { redis: url, prefix }: ServerEnvironment,
  service: string,
  name: string,
): Target<RedisStores> {
  return {
    name,
    where: `Redis at ${hostOf(url)}`,
    connect: async () => {
      const { openRedis } = await import('@aura/redis');
      return openRedis({ url, namespace: `${prefix}-${service}`, startLimitMs: ONE_TRY_MS });
    },
    ask: (stores) => stores.ping(),
    close: (stores) => stores.close(),
  };
}

/** Host and port of a URL, also of one with several hosts; neither user nor password. */
export function hostOf(url: string): string {
  return /^[a-z+]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? 'an unreadable URL';
}
