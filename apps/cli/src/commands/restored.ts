import type { CliContext } from '../cli-context';
import { CliError } from '../cli-error';
import { demandHere } from '../demand-here';
import { ExitCode } from '../exit-code';

/** Options of `aura restored`. */
export interface RestoredOptions {
  readonly note: string;
}

/**
 * `aura restored --note why`: says that the coordinators' store was set back to a backup, before one begins on it again. What
 * it may have lost of transactions is then unknown, and not presumed aborted.
 */
export async function restored(
  { options, terminal }: CliContext,
  { note }: RestoredOptions,
): Promise<ExitCode> {
  demandHere('a restore is said to the store itself', options.url);
  // Loaded only here: it brings the stores along.
  const { markAuraRestored } = await import('@aura/host');
  const where = options.servers === true ? { env: process.env } : { dataDir: options.data };
  const done = await markAuraRestored(where, note);
  if (!done.ok) throw runs(done.error);
  terminal.out(
    `The store ${options.servers === true ? 'on servers' : `in ${options.data}`} begins incarnation ${done.value.id}: what it may have lost of transactions is unknown from now on.`,
  );
  terminal.out('Start Aura, and look at the in-doubt board: aura tx list');
  return ExitCode.OK;
}

function runs(names: readonly string[]): CliError {
  return new CliError(
    `a coordinator works on this store: ${names.join(', ')}`,
    'Stop all of them (`aura down`; one that was killed is forgotten after 9 s), restore the store, and say so then.',
    ExitCode.REFUSED,
  );
}
