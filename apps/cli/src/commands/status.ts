import { isFresh, isAlive, readRunFile } from '../aura/run-file';
import { runFileOf } from '../aura/global-options';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { statusPage } from '../pages/status-page';
import { observe } from '../up/observe';

/** Options of `aura status`. */
export interface StatusOptions {
  readonly json?: boolean;
}

/** `aura status`: processes, ports, health, versions and participants of the Aura that runs here; 0 when all is well. */
export async function status({ options, terminal }: CliContext, { json }: StatusOptions): Promise<ExitCode> {
  const record = readRunFile(runFileOf(options.data));
  if (record === undefined || !isAlive(record.pid)) {
    if (json === true) terminal.out(JSON.stringify({ status: 'down' }));
    else terminal.out('No Aura is running here; aura up starts one.');
    return ExitCode.UNREACHABLE;
  }
  const seen = await observe(record, isFresh(record));
  if (json === true) terminal.out(JSON.stringify(seen, null, 2));
  else for (const line of statusPage(seen, terminal)) terminal.out(line);
  if (seen.status === 'up') return ExitCode.OK;
  return seen.status === 'degraded' ? ExitCode.DEGRADED : ExitCode.UNREACHABLE;
}
