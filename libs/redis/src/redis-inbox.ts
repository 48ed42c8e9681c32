import type { Inbox } from '@aura/messaging';
import type { RedisLink } from './redis-link';

/** One key a mark, with its time to live. */
export class RedisInbox implements Inbox {
  constructor(private readonly link: RedisLink) {}

  async seen(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const marks = await this.link.call('question to the inbox', (redis) =>
      redis.mget(keys.map((key) => this.link.key('inbox', key))),
    );
    return new Set(keys.filter((_, n) => marks[n] !== null));
  }

  async mark(keys: readonly string[], ttlMs: number): Promise<void> {
    await this.link.call('mark in the inbox', (redis) =>
      Promise.all(keys.map((key) => redis.set(this.link.key('inbox', key), '1', 'PX', Math.ceil(ttlMs)))),
    );
  }
}
