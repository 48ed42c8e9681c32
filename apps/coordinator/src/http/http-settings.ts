import { z } from 'zod';

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
  /** A quiet feed sends a comment this often, so that proxies and clients see it lives; default 15 s. */
  heartbeatMs: z.int().min(10).default(15_000),
  /** Feeds open at once; beyond it 503 with Retry-After; default 1000. */
  maxFeeds: z.int().min(1).default(1000),
  /** Requests in hand may take this long when the process stops; default 3 s. */
  closeGraceMs: z.int().min(0).default(3000),
});

export type HttpSettings = z.infer<typeof httpSettings>;
