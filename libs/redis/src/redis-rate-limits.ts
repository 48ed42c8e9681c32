import type { RateLimits } from '@aura/messaging';
import { Script } from './redis-link';
import type { RedisLink } from './redis-link';

/** Tokens and the time they were counted at. A refusal changes nothing; time that goes back fills nothing. */
const take = new Script(`
local capacity, rate, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(stored[1] or capacity), tonumber(stored[2] or now)
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate / 1000)
if tokens + 1e-9 < 1 then return 0 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens - 1), 'at', string.format('%.17g', math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`);

const SHORTEST_MS = 60_000;
const LONGEST_MS = 24 * 3600 * 1000;

/** Token buckets, one hash each; a full one may be forgotten. */
export class RedisRateLimits implements RateLimits {
  constructor(private readonly link: RedisLink) {}

  async take(
    bucket: string,
    { capacity, perSecond, now }: Parameters<RateLimits['take']>[1],
  ): Promise<boolean> {
    const fillMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.ceil((capacity / perSecond) * 1000)));
    const taken = await this.link.call('question to a rate limit', (redis) =>
      take.run(redis, this.link.key('bucket', bucket), capacity, perSecond, now, fillMs),
    );
    return taken === 1;
  }
}
