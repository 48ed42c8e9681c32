import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logsOf } from '../aura/global-options';
import { CliError } from '../cli-error';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { LogFile, type LogLine } from '../up/log-file';

/** Options of `aura logs`. */
export interface LogsOptions {
  readonly follow?: boolean;
}

const LOOK_EVERY_MS = 200;

/**
 * `aura logs [service|saga]`: what the processes say; of one service, or each line that names a saga, over all of them
 * and by time. `--follow` goes on until Ctrl-C.
 */
export async function logs(
  { options, terminal, signal }: CliContext,
  what: string | undefined,
  { follow }: LogsOptions,
): Promise<ExitCode> {
  const folder = logsOf(options);
  const services = servicesIn(folder);
  const { names, isWanted } = choice(what, services);
  const files = names.map((name) => new LogFile(name, join(folder, `${name}.log`)));
  const width = Math.max(...services.map(({ length }) => length));
  const show = ({ service, text }: LogLine): void =>
    terminal.out(names.length === 1 ? text : `${terminal.colours.dim(service.padEnd(width))} ${text}`);
  let count = showNews(files, isWanted, show);
  while (follow === true && !signal.aborted) {
    await delay(LOOK_EVERY_MS);
    count += showNews(files, isWanted, show);
  }
  if (what !== undefined && count === 0 && follow !== true && names.length > 1) throw unknown(what, services);
  return ExitCode.OK;
}

interface Choice {
  readonly names: readonly string[];
  isWanted(line: LogLine): boolean;
}

function choice(what: string | undefined, services: readonly string[]): Choice {
  if (what === undefined) return { names: services, isWanted: () => true };
  if (services.includes(what)) return { names: [what], isWanted: () => true };
  return { names: services, isWanted: ({ text }) => text.includes(what) };
}

function showNews(
  files: readonly LogFile[],
  isWanted: (line: LogLine) => boolean,
  show: (line: LogLine) => void,
): number {
  const lines = byTime(files.flatMap((file) => file.news()).filter(isWanted));
  lines.forEach(show);
  return lines.length;
}

function unknown(what: string, services: readonly string[]): CliError {
  return new CliError(
    `no log names ${JSON.stringify(what)}`,
    `Give the id of a saga, or one of ${services.join(', ')}.`,
    ExitCode.REFUSED,
  );
}

/** Names of those that have a log. Errors: `CliError` when there is none. */
function servicesIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.log')) : [];
  if (names.length > 0) return names.map((name) => basename(name, '.log')).sort();
  throw new CliError(`there are no logs in ${folder}`, 'Start an Aura by aura up.', ExitCode.REFUSED);
}

/** Lines without a time of their own stay behind the one before them. */
function byTime(lines: readonly LogLine[]): readonly LogLine[] {
  return [...lines].sort((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0));
}
