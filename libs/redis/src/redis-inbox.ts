import type { Inbox } from '@aura/messaging';
import { Script } from './redis-link';
import type { RedisLink } from './redis-link';

const mark = new Script(`
for _, key in ipairs(KEYS) do redis.call('SET', key, '1', 'PX', ARGV[1]) end
return 1`);

/** Marks of one command at most: a script holds up all other commands as long as it runs. */
const MOST_AT_ONCE = 500;

/** Marks of one turn that live equally long, and the answer that all of them wait for. */
interface Gathering {
  readonly keys: string[];
  readonly marked: Promise<void>;
}

/** One key a mark, with its time to live. The marks of one turn of the event loop go out as one command. */
export class RedisInbox implements Inbox {
  private readonly gathering = new Map<number, Gathering>();

  constructor(private readonly link: RedisLink) {}

  async seen(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const marks = await this.link.call('question to the inbox', (redis) =>
      redis.mget(keys.map((key) => this.link.key('inbox', key))),
    );
    return new Set(keys.filter((_, n) => marks[n] !== null));
  }

  mark(keys: readonly string[], ttlMs: number): Promise<void> {
    const ttl = Math.ceil(ttlMs);
    const gathering = this.gathering.get(ttl) ?? this.begin(ttl);
    for (const key of keys) gathering.keys.push(this.link.key('inbox', key));
    if (gathering.keys.length >= MOST_AT_ONCE) this.gathering.delete(ttl);
    return gathering.marked;
  }

  private begin(ttl: number): Gathering {
    const keys: string[] = [];
    const marked = endOfTurn().then(() => {
      if (this.gathering.get(ttl)?.keys === keys) this.gathering.delete(ttl);
      return this.put(keys, ttl);
    });
    const gathering = { keys, marked };
    this.gathering.set(ttl, gathering);
    return gathering;
  }

  private async put(keys: readonly string[], ttl: number): Promise<void> {
    if (keys.length === 0) return;
    await this.link.call('mark in the inbox', (redis) => mark.runOn(redis, keys, ttl));
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
