import { findAnswering } from '../aura/find-running';
import { runFileOf } from '../aura/global-options';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { upDetached, upLines } from '../up/up-detached';
import { upEmbedded, upOnServers } from '../up/up-foreground';

/** Options of `aura up`. */
export interface UpOptions {
  readonly foreground?: boolean;
}

/**
 * `aura up`: an Aura that stays, embedded in one process, or with `--servers` as one process a service. The command ends
 * when it is up, unless `--foreground`. Where one is up already, that is said, and nothing is started.
 */
export async function up(context: CliContext, { foreground }: UpOptions): Promise<ExitCode> {
  const { options, terminal } = context;
  const running = await findAnswering(runFileOf(options.data), terminal.err);
  if (running !== undefined) {
    for (const line of upLines(running, options)) terminal.out(line);
    return ExitCode.OK;
  }
  if (foreground !== true) return upDetached(context);
  return options.servers === true ? upOnServers(context) : upEmbedded(context);
}
