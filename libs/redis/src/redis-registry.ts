import type { JsonValue } from '@aura/contracts';
import type { Registry } from '@aura/messaging';
import { pairsOf, Script } from './redis-link';
import type { RedisLink } from './redis-link';

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** A fact is stored as `<end in ms>:<JSON>`; the hash itself lives as long as its longest fact. */
const put = new Script(`
${NOW}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[3]) .. ':' .. ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`);

/** Answers what begins with the prefix, and clears away what has run out. */
const list = new Script(`
${NOW}
local found = {}
local facts = redis.call('HGETALL', KEYS[1])
for n = 1, #facts, 2 do
  local cut = string.find(facts[n + 1], ':', 1, true)
  if tonumber(string.sub(facts[n + 1], 1, cut - 1)) <= now then
    redis.call('HDEL', KEYS[1], facts[n])
  elseif string.sub(facts[n], 1, #ARGV[1]) == ARGV[1] then
    found[#found + 1] = facts[n]
    found[#found + 1] = string.sub(facts[n + 1], cut + 1)
  end
end
return found`);

/** Small facts in one hash: they are few, and listing must not search the whole keyspace. */
export class RedisRegistry implements Registry {
  private readonly key: string;

  constructor(private readonly link: RedisLink) {
    this.key = link.key('registry');
  }

  async put(key: string, value: JsonValue, ttlMs: number): Promise<void> {
    await this.link.call('write to the registry', (redis) =>
      put.run(redis, this.key, key, JSON.stringify(value), Math.ceil(ttlMs)),
    );
  }

  async remove(key: string): Promise<void> {
    await this.link.call('removal from the registry', (redis) => redis.hdel(this.key, key));
  }

  async list(prefix: string): Promise<ReadonlyMap<string, JsonValue>> {
    const facts = await this.link.call('list of the registry', (redis) => list.run(redis, this.key, prefix));
    return new Map(pairsOf(facts).map(([key, text]) => [key, JSON.parse(text) as JsonValue]));
  }
}
