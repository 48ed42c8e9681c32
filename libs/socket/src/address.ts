import { z } from 'zod';

/** Where a running Aura lets other processes of this machine in. The token is a secret of the user who started it. */
export const socketAddress = z.object({
  /** `ws://127.0.0.1:PORT` */
  url: z.string().regex(/^ws:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be ws://127.0.0.1:PORT'),
  token: z.string().min(32),
});

/** See {@link socketAddress}. */
export type SocketAddress = z.output<typeof socketAddress>;
