import { LONGEST_WAIT_MS } from '@aura/contracts';
import { z } from 'zod';
import { webOrigin } from './origins/origin-list';

const MEBIBYTE = 1024 * 1024;

/** Settings of the coordinator's HTTP door. Sizes in bytes, times in milliseconds. */
export const httpSettings = z.strictObject({
  /** Largest body of a start or a definition; default 1 MiB. */
  bodyBytes: z.int().min(1024).default(MEBIBYTE),
  /** Largest image; default 20 MiB. */
  imageBytes: z
    .int()
    .min(1024)
    .default(20 * MEBIBYTE),
  /** Origins whose pages may use the door from a browser; default: none but this server's own. */
  origins: z.array(webOrigin).default([]),
  /** A quiet feed sends a comment this often, so that proxies and clients see it lives; default 15 s. */
  heartbeatMs: z.int().min(10).default(15_000),
  /** A client that takes nothing of its feed for so long is cut; default 30 s. */
  slowClientMs: z.int().min(10).default(30_000),
  /** Feeds open at once; beyond it 503 with Retry-After; default 1000. */
  maxFeeds: z.int().min(1).default(1000),
  /** How long `execute` waits for the saga's end unless the request says so; default 30 s. */
  waitMs: z.int().min(1).max(LONGEST_WAIT_MS).default(30_000),
  /** How long a start waits for participants of its workflow; default 10 s. */
  participantsMs: z.int().min(0).default(10_000),
  /** Requests that wait for a saga's end at once; beyond it 503 with Retry-After; default 1000. */
  maxWaits: z.int().min(1).default(1000),
  /** Requests in hand may take this long when the process stops; default 3 s. */
  closeGraceMs: z.int().min(0).default(3000),
});

export type HttpSettings = z.infer<typeof httpSettings>;
