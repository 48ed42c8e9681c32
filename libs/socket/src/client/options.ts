import { UnsafeSetupError } from '@aura/kernel';
import { z } from 'zod';
import type { SocketAddress } from '../address';
import { HEARTBEAT_MS } from '../wire/protocol';

const milliseconds = z.number().int().positive();

/** Settings of a joining process, times in milliseconds. */
export const joinSettings = z.strictObject({
  /** A call that had no answer for so long, over all reconnections, fails with `StoreUnavailableError`; default 30 s. */
  callTimeoutMs: milliseconds.default(30_000),
  /** The first connection must stand within this time; default 30 s. */
  startTimeoutMs: milliseconds.default(30_000),
  /** How often the host is asked whether it lives; default 5000. One silent for three times as long is lost. */
  heartbeatMs: milliseconds.default(HEARTBEAT_MS),
  /** Pause before the first and at most between two attempts to connect; exponential with jitter between. */
  backoff: z
    .strictObject({ initialMs: milliseconds.default(50), maxMs: milliseconds.default(2_000) })
    .prefault({}),
});

/** See {@link joinSettings}. */
export type JoinSettings = z.output<typeof joinSettings>;

/** How a process joins. */
export type JoinOptions = z.input<typeof joinSettings> & {
  /** Says where the Aura is now; asked before every attempt, as one that was started again is elsewhere. */
  readonly locate: () => Promise<SocketAddress | undefined> | SocketAddress | undefined;
};

/** Checks the settings. Errors: `UnsafeSetupError` naming each wrong one. */
export function parseJoinSettings({ locate: _locate, ...settings }: JoinOptions): JoinSettings {
  const parsed = joinSettings.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new UnsafeSetupError(
    `settings for joining an Aura are wrong: ${z.prettifyError(parsed.error)}`,
    'Mend the settings that are named.',
  );
}
