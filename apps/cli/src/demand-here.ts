import { CliError } from './cli-error';
import { ExitCode } from './exit-code';

/** Demands that stores of this machine are meant, not an Aura elsewhere. An empty address, as an empty AURA_URL is, names nobody. */
export function demandHere(what: string, url = ''): void {
  if (url === '') return;
  throw new CliError(
    `${what}, not ${url}`,
    'Leave --url and AURA_URL away, and give --data DIR or --servers where the stores can be reached.',
    ExitCode.USAGE,
  );
}
