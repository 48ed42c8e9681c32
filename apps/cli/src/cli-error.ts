import { ExitCode } from './exit-code';

/** An error of the CLI itself: one sentence, what to do, and how to end. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly help: string,
    readonly exitCode: ExitCode = ExitCode.USAGE,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CliError';
  }
}
