import { CommanderError } from 'commander';
import { ExitCode } from './exit-code';
import { Interruption } from './interruption';
import { program } from './program';
import { reportError } from './report-error';
import type { Terminal } from './terminal';

/** The process around one call of the CLI. */
export interface CliWorld {
  readonly args: readonly string[];
  readonly version: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly debug: boolean;
}

/** Runs one command and answers how it ended; everything it says goes to the terminal. Never rejects. */
export async function cli(world: CliWorld): Promise<ExitCode> {
  const { terminal, signal, version } = world;
  let code: ExitCode = ExitCode.OK;
  const ended = (how: ExitCode): void => {
    code = how;
  };
  const aura = program({ version, terminal, signal, ended });
  try {
    await aura.parseAsync(world.args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    if (error instanceof Interruption) return told(error, terminal);
    return reportError(error, terminal, world.debug);
  }
}

function told(interruption: Interruption, terminal: Terminal): ExitCode {
  terminal.err(`Ended: ${interruption.message}.`);
  return interruption.exitCode;
}
