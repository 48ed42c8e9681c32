import type { JoinArrival, JoinSets } from '@aura/messaging';
import { pairsOf, Script } from './redis-link';
import type { RedisLink } from './redis-link';

const arrive = new Script(`
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HGETALL', KEYS[1])`);

/** One hash a join; an arrival is one script, so that nobody sees half of it. */
export class RedisJoins implements JoinSets {
  constructor(private readonly link: RedisLink) {}

  async arrive(join: string, arrival: JoinArrival, ttlMs: number): Promise<ReadonlyMap<string, string>> {
    const set = await this.link.call('arrival at a join', (redis) =>
      arrive.run(redis, this.link.key('join', join), arrival.dependency, arrival.value, Math.ceil(ttlMs)),
    );
    return new Map(pairsOf(set));
  }

  async drop(joins: readonly string[]): Promise<void> {
    if (joins.length === 0) return;
    await this.link.call('drop of joins', (redis) =>
      redis.unlink(joins.map((join) => this.link.key('join', join))),
    );
  }
}
