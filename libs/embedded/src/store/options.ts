import { UnsafeSetupError, type World } from '@aura/kernel';
import { z } from 'zod';

/** Settings of the embedded adapter. */
export const embeddedSettings = z.strictObject({
  /** The SQLite file; its folder is created. */
  path: z
    .string()
    .min(1)
    .refine((path) => !path.startsWith(':') && !path.startsWith('file:'), {
      message: 'must be the path of a file',
    }),
  /** Folder of large payloads; default `claims` beside the file. */
  claimsFolder: z.string().min(1).optional(),
  /** Largest payload of the claim check in bytes; default 64 MiB. */
  maxClaimBytes: z
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  /** Most waiting messages of a queue that stand in memory, the others in the file; default 2048. */
  queueWindow: z.int().min(1).default(2048),
});

/** Settings after defaults. */
export type EmbeddedSettings = z.output<typeof embeddedSettings>;

/** What to open, and the clock, scheduler and randomness to live by (default: those of the system). */
export type EmbeddedOptions = z.input<typeof embeddedSettings> & { readonly world?: World };

/** Checks settings; refuses with `UnsafeSetupError` naming each wrong one. */
export function parseSettings(options: EmbeddedOptions): EmbeddedSettings {
  const parsed = embeddedSettings.safeParse(without(options, 'world'));
  if (parsed.success) return parsed.data;
  throw new UnsafeSetupError(
    `settings of the embedded store are wrong: ${z.prettifyError(parsed.error)}`,
    'Mend the settings that are named.',
  );
}

function without(options: EmbeddedOptions, name: keyof EmbeddedOptions): object {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== name));
}
