import { UnsafeSetupError } from '@aura/kernel';
import { requireUsable } from './check-redis';
import { checkRedisOptions } from './redis-options';

function info(changes: Readonly<Record<string, string>> = {}): string {
  const facts = {
    redis_version: '7.0.15',
    maxmemory: '0',
    maxmemory_policy: 'noeviction',
    role: 'master',
    cluster_enabled: '0',
    ...changes,
  };
  return ['# Server', ...Object.entries(facts).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');
}

describe('a Redis is refused with a sentence', () => {
  test('it is taken when everything is as it must be', () => {
    expect(() => requireUsable(info())).not.toThrow();
    expect(() => requireUsable(info({ redis_version: '6.0.0' }))).not.toThrow();
  });

  test.each([
    [{ maxmemory_policy: 'allkeys-lru' }, 'its maxmemory-policy is allkeys-lru'],
    [{ maxmemory_policy: 'volatile-ttl' }, 'its maxmemory-policy is volatile-ttl'],
    [{ redis_version: '5.0.14' }, 'has version 5.0.14'],
    [{ cluster_enabled: '1' }, 'runs as a cluster'],
    [{ role: 'slave' }, 'is a replica'],
  ])('%j', (changes, words) => {
    expect(() => requireUsable(info(changes))).toThrow(UnsafeSetupError);
    expect(() => requireUsable(info(changes))).toThrow(words);
  });

  test('an INFO that says nothing is refused', () => {
    expect(() => requireUsable('')).toThrow('has version unknown');
    expect(() => requireUsable('redis_version:7.2.0')).toThrow('maxmemory-policy is unknown');
  });
});

describe('options of Redis', () => {
  test('have defaults', () => {
    expect(checkRedisOptions({ url: 'redis://x', namespace: 'a' })).toMatchObject({
      limitMs: 2_000,
      startLimitMs: 10_000,
    });
  });

  test.each([
    [{ url: 'http://x', namespace: 'a' }, 'url'],
    [{ url: 'redis://x', namespace: 'A b' }, 'namespace'],
    [{ url: 'redis://x', namespace: 'a', limitMs: 0 }, 'limitMs'],
  ])('%j are refused with the name of what is wrong', (options, name) => {
    expect(() => checkRedisOptions(options)).toThrow(UnsafeSetupError);
    expect(() => checkRedisOptions(options)).toThrow(name);
  });
});
