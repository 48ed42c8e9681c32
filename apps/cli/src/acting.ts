import type { Command } from 'commander';
import type { CliContext } from './cli-context';
import type { ExitCode } from './exit-code';

/** Turns what a command does into what commander calls. */
export type Acting = (
  action: (context: CliContext, command: Command) => Promise<ExitCode>,
) => (...args: readonly unknown[]) => Promise<void>;
