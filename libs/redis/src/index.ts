export { openRedis } from './open-redis';
export type { RedisStores } from './open-redis';
export { redisOptionsSchema } from './redis-options';
export type { RedisOptions } from './redis-options';
