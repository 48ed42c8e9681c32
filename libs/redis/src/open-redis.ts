import type { FastStores } from '@aura/messaging';
import { requireUsable } from './check-redis';
import { RedisInbox } from './redis-inbox';
import { RedisJoins } from './redis-joins';
import { RedisLink } from './redis-link';
import { checkRedisOptions } from './redis-options';
import type { RedisOptions } from './redis-options';
import { RedisRateLimits } from './redis-rate-limits';
import { RedisRegistry } from './redis-registry';
import { RedisResults } from './redis-results';

/** The fast stores of one namespace. */
export interface RedisStores extends FastStores {
  /** Resolves when the server answers; rejects with `StoreUnavailableError` within the time limit. */
  ping(): Promise<void>;
  /** Finishes what is under way and closes the connection. */
  close(): Promise<void>;
}

/**
 * Connects and checks what Aura relies on.
 * Errors: `UnsafeSetupError` when the server is not as it must be, `StoreUnavailableError` when nobody answers.
 */
export async function openRedis(options: RedisOptions): Promise<RedisStores> {
  const link = RedisLink.to(checkRedisOptions(options));
  try {
    await link.connect();
    requireUsable(await link.call('start-up check', (redis) => redis.info()));
  } catch (error) {
    await link.close();
    throw error;
  }
  return {
    inbox: new RedisInbox(link),
    joins: new RedisJoins(link),
    results: new RedisResults(link),
    registry: new RedisRegistry(link),
    rateLimits: new RedisRateLimits(link),
    ping: async () => {
      await link.call('ping', (redis) => redis.ping());
    },
    close: () => link.close(),
  };
}
