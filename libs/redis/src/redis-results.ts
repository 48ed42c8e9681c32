import type { JsonValue } from '@aura/contracts';
import type { ResultCache } from '@aura/messaging';
import type { RedisLink } from './redis-link';

/** One key a result, JSON text. */
export class RedisResults implements ResultCache {
  constructor(private readonly link: RedisLink) {}

  async get(key: string): Promise<JsonValue | undefined> {
    const text = await this.link.call('read of a result', (redis) => redis.get(this.link.key('result', key)));
    return text === null ? undefined : (JSON.parse(text) as JsonValue);
  }

  async set(key: string, value: JsonValue, ttlMs: number): Promise<void> {
    await this.link.call('write of a result', (redis) =>
      redis.set(this.link.key('result', key), JSON.stringify(value), 'PX', Math.ceil(ttlMs)),
    );
  }
}
