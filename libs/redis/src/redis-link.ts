import { createHash } from 'node:crypto';
import { isAuraError, StoreUnavailableError } from '@aura/kernel';
import { Redis } from 'ioredis';
import type { CheckedRedisOptions } from './redis-options';

/** Begins every key. The number is the version of the stored form: a newer form leaves the older to run out. */
const PREFIX = 'aura:1';
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * One connection whose calls answer or fail within a limit.
 *
 * Up: calls go out at once; those of one turn share one write (pipelining).
 * Away: the connection is lost; calls wait for its return, until `limitMs` after the loss.
 * Down: away for longer than `limitMs`; calls fail at once, so that callers lose no time. Left when Redis is back.
 * Closed: for good.
 */
export class RedisLink {
  private awaySince: number | undefined = performance.now();
  private closed = false;
  /** Calls that wait for the connection: any number, behind one listener. */
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly redis: Redis,
    readonly options: CheckedRedisOptions,
  ) {
    // Without a listener a lost connection would end the process; calls report it.
    redis.on('error', () => undefined);
    redis.on('ready', () => {
      this.awaySince = undefined;
      this.waiting.forEach((goOn) => goOn());
    });
    redis.on('close', () => (this.awaySince ??= performance.now()));
  }

  /** A connection that has not been made yet. */
  static to(options: CheckedRedisOptions): RedisLink {
    const redis = new Redis(options.url, {
      lazyConnect: true,
      connectionName: options.appName,
      enableAutoPipelining: true,
      // What cannot be sent now is not kept: a long outage must not fill the memory.
      enableOfflineQueue: false,
      maxRetriesPerRequest: null,
      commandTimeout: options.limitMs,
      connectTimeout: options.limitMs,
      // Bounds the end of a connection that is gone already.
      disconnectTimeout: 50,
      retryStrategy: (tries) => Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS),
    });
    return new RedisLink(redis, options);
  }

  /** Connects; waits up to `startLimitMs` for a server that starts. */
  async connect(): Promise<void> {
    this.redis.connect().catch(() => undefined);
    await this.untilReady(this.options.startLimitMs);
  }

  /** The full key of a thing. */
  key(kind: string, name = ''): string {
    return `${PREFIX}:${this.options.namespace}:${kind}:${name}`;
  }

  /** Runs commands; whatever fails is a `StoreUnavailableError`. */
  async call<T>(what: string, run: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreUnavailableError(`${what}: the store was closed`);
    try {
      if (this.redis.status !== 'ready') await this.untilReady(this.timeLeft());
      return await run(this.redis);
    } catch (error) {
      if (isAuraError(error)) throw error;
      throw new StoreUnavailableError(
        `${what}: Redis says ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
    }
  }

  /** Ends the connection behind what is under way. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.redis.quit().catch(() => this.redis.disconnect());
  }

  private timeLeft(): number {
    const away = this.awaySince === undefined ? 0 : performance.now() - this.awaySince;
    return this.options.limitMs - away;
  }

  private untilReady(limitMs: number): Promise<void> {
    if (limitMs <= 0) return Promise.reject(this.unreachable());
    return new Promise((resolve, reject) => {
      const goOn = () => {
        clearTimeout(timer);
        this.waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(goOn);
        reject(this.unreachable());
      }, limitMs);
      this.waiting.add(goOn);
    });
  }

  private unreachable(): StoreUnavailableError {
    return new StoreUnavailableError(`Redis was not reachable for ${this.options.limitMs} ms`);
  }
}

/** A Lua script: several commands in one atomic step. */
export class Script {
  private readonly digest: string;

  constructor(private readonly lua: string) {
    this.digest = createHash('sha1').update(lua).digest('hex');
  }

  /** Runs by digest; a server that does not know the script (restarted, flushed) gets it again. */
  run(redis: Redis, key: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.runOn(redis, [key], ...args);
  }

  /** As {@link run}, on several keys. */
  async runOn(
    redis: Redis,
    keys: readonly string[],
    ...args: readonly (string | number)[]
  ): Promise<unknown> {
    try {
      return await redis.evalsha(this.digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(this.lua, keys.length, ...keys, ...args);
    }
  }
}

/** The pairs of a flat reply `[name, value, name, value, …]`. */
export function pairsOf(reply: unknown): readonly (readonly [string, string])[] {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  return flat.flatMap((name, n) => (n % 2 === 0 ? [[name, flat[n + 1] ?? ''] as const] : []));
}
