import { UnsafeSetupError } from '@aura/kernel';
import { z } from 'zod';

/** What `openRedis` takes. Unknown members are refused. */
export const redisOptionsSchema = z.strictObject({
  /** Connection string, `redis://` or `rediss://`. */
  url: z.string().regex(/^rediss?:\/\//, 'begins with redis:// or rediss://'),
  /** Begins every key; one for each participant and one for the coordinator. */
  namespace: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is 1 to 63 lower-case letters, digits and -'),
  /** How long a call waits for an answer, milliseconds. A server that is down for longer is not waited for at all. */
  limitMs: z.int().min(10).default(2_000),
  /** How long opening waits for a server that starts, milliseconds. */
  startLimitMs: z.int().min(10).default(10_000),
  /** Name of this process in the server's list of clients. */
  appName: z
    .string()
    .regex(/^[!-~]{1,100}$/, 'is printable ASCII without spaces')
    .default('aura'),
});

/** Options of `openRedis` as a caller writes them. */
export type RedisOptions = z.input<typeof redisOptionsSchema>;

/** Options with their defaults. */
export type CheckedRedisOptions = z.output<typeof redisOptionsSchema>;

/** Checks options; refuses with `UnsafeSetupError`. */
export function checkRedisOptions(options: RedisOptions): CheckedRedisOptions {
  const parsed = redisOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new UnsafeSetupError(
    `Redis options are not valid: ${z.prettifyError(parsed.error)}`,
    'Correct the named options (AURA_REDIS_URL holds the connection string).',
  );
}
