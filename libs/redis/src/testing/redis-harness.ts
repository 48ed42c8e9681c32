import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastStoresHarness } from '@aura/messaging/testing';
import { serverUrl } from '@aura/servers';
import { Redis } from 'ioredis';
import { openRedis } from '../open-redis';
import type { RedisStores } from '../open-redis';

/** Begins namespaces that no other run uses. */
export function freshPrefix(): string {
  return `test-${randomUUID().slice(0, 13)}-`;
}

/** Opens the adapter on the shared server, one connection a namespace; `close` removes all keys of the run. */
export function openRedisHarness(): Promise<FastStoresHarness> {
  const prefix = freshPrefix();
  return Promise.resolve(harness(prefix, () => removeKeys(prefix)));
}

function harness(prefix: string, remove: () => Promise<void>): FastStoresHarness {
  const opened = new Map<string, Promise<RedisStores>>();
  const closeAll = async () => {
    for (const stores of opened.values()) await (await stores).close();
    opened.clear();
  };
  return {
    stores: (namespace) => {
      const known = opened.get(namespace);
      const stores = known ?? openRedis({ url: serverUrl('redis'), namespace: `${prefix}${namespace}` });
      opened.set(namespace, stores);
      return stores;
    },
    elapse: async (ms) => {
      await pause(ms);
    },
    another: () => Promise.resolve(harness(prefix, () => Promise.resolve())),
    reopen: closeAll,
    close: async () => {
      await closeAll();
      await remove();
    },
  };
}

async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(serverUrl('redis'));
  try {
    for await (const keys of redis.scanStream({ match: `aura:*:${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(keys);
    }
  } finally {
    redis.disconnect();
  }
}
