import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { ownServer } from '@aura/servers';
import type { OwnServer } from '@aura/servers';
import { Redis } from 'ioredis';
import { openRedis } from './open-redis';
import type { RedisStores } from './open-redis';

const LIMIT_MS = 500;
const LONG_MS = 600_000;

describe('a Redis that goes away', () => {
  let server: OwnServer;
  let stores: RedisStores | undefined;

  const open = (startLimitMs = 10_000) =>
    openRedis({ url: server.url, namespace: 'outage', limitMs: LIMIT_MS, startLimitMs });

  const besides = async (act: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(server.url);
    await act(redis);
    redis.disconnect();
  };

  beforeAll(async () => {
    server = await ownServer('redis');
  }, 60_000);

  afterEach(async () => {
    await stores?.close();
    stores = undefined;
  });

  afterAll(() => server.remove());

  test('calls fail within the limit, then at once, and go on when it is back', async () => {
    stores = await open();
    await stores.inbox.mark(['a'], LONG_MS);
    await server.kill();
    const before = performance.now();
    await expect(stores.inbox.seen(['a'])).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(stores.joins.arrive('j', { dependency: 'd', value: '1' }, LONG_MS)).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
    expect(performance.now() - before).toBeLessThan(3 * LIMIT_MS);
    await pause(LIMIT_MS);
    const down = performance.now();
    await expect(stores.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - down).toBeLessThan(LIMIT_MS / 2);
    await server.start();
    await untilUp(stores);
    await stores.inbox.mark(['b'], LONG_MS);
    expect(await stores.inbox.seen(['b'])).toEqual(new Set(['b']));
  }, 30_000);

  test('flushed in mid-flight, scripts and all, it goes on with empty sets', async () => {
    stores = await open();
    const { joins, registry, rateLimits } = stores;
    await joins.arrive('flushed', { dependency: 'a', value: '1' }, LONG_MS);
    await besides(async (redis) => {
      await redis.flushall();
      await redis.script('FLUSH');
    });
    expect(await joins.arrive('flushed', { dependency: 'b', value: '2' }, LONG_MS)).toEqual(
      new Map([['b', '2']]),
    );
    await registry.put('k', 1, LONG_MS);
    expect(await registry.list('')).toEqual(new Map([['k', 1]]));
    expect(await rateLimits.take('x', { capacity: 1, perSecond: 1, now: 0 })).toBe(true);
  });

  test('a call that no answer comes for fails within the limit', async () => {
    stores = await open();
    process.kill(server.pid(), 'SIGSTOP');
    try {
      const before = performance.now();
      await expect(stores.results.get('k')).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(performance.now() - before).toBeLessThan(3 * LIMIT_MS);
    } finally {
      process.kill(server.pid(), 'SIGCONT');
    }
    await untilUp(stores);
  });

  test('one that evicts is refused, and so is one that does not answer', async () => {
    await besides((redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    await expect(open()).rejects.toThrow(UnsafeSetupError);
    await expect(open()).rejects.toThrow('maxmemory-policy is allkeys-lru');
    await besides((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));
    await server.stop();
    await expect(open(200)).rejects.toThrow(StoreUnavailableError);
    const opening = open();
    await server.start();
    stores = await opening;
    await stores.ping();
  }, 30_000);

  test('after closing, calls are refused', async () => {
    const closed = await open();
    await closed.close();
    await closed.close();
    await expect(closed.ping()).rejects.toThrow('closed');
  });
});

async function untilUp(stores: RedisStores): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const up = await stores.ping().then(
      () => true,
      () => false,
    );
    if (up) return;
    await pause(20);
  }
  throw new Error('Redis did not come back');
}
