import { AuraProblemError, AuraUnreachableError, isAuraClientError } from '@aura/client';
import { CliError } from './cli-error';
import { ExitCode } from './exit-code';
import type { Terminal } from './terminal';

const UNAVAILABLE: readonly number[] = [429, 502, 503, 504];

/** Says an error in one sentence with what to do, on stderr, and answers how to end. A stack only under `AURA_DEBUG`. */
export function reportError(error: unknown, terminal: Terminal, debug: boolean): ExitCode {
  const told = telling(error);
  terminal.err(`${terminal.colours.red('error:')} ${told.message}`);
  for (const detail of told.details) terminal.err(`  ${detail}`);
  terminal.err(told.help);
  if (debug && error instanceof Error) terminal.err(withCauses(error));
  return told.exitCode;
}

interface Told {
  readonly message: string;
  readonly details: readonly string[];
  readonly help: string;
  readonly exitCode: ExitCode;
}

function telling(error: unknown): Told {
  return error instanceof AggregateError ? tellingAll(error) : tellingOne(error);
}

/** The first of several errors, with what the others say as its details. */
function tellingAll({ errors, message }: AggregateError): Told {
  const [first = tellingOne(message), ...others] = errors.map(tellingOne);
  return { ...first, details: [...first.details, ...others.map((other) => other.message)] };
}

function tellingOne(error: unknown): Told {
  if (error instanceof CliError) return { ...partsOf(error), exitCode: error.exitCode };
  if (error instanceof AuraProblemError) return tellingProblem(error);
  if (error instanceof AuraUnreachableError) return { ...partsOf(error), exitCode: ExitCode.UNREACHABLE };
  if (isAuraClientError(error) || hasHelp(error)) return { ...partsOf(error), exitCode: ExitCode.INTERNAL };
  return {
    message: error instanceof Error ? error.message : String(error),
    details: [],
    help: 'That should not happen. Set AURA_DEBUG=1 to see where it comes from.',
    exitCode: ExitCode.INTERNAL,
  };
}

function tellingProblem(error: AuraProblemError): Told {
  const { errors = [], problems = [] } = error.problem;
  const all = [...errors, ...problems];
  const isSaid = all.length === 1 && all.every(({ message }) => error.message.includes(message));
  return {
    message: error.message,
    details: isSaid ? [] : all.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)),
    help: error.help,
    exitCode: exitCodeOf(error.status),
  };
}

function exitCodeOf(status: number): ExitCode {
  if (UNAVAILABLE.includes(status)) return ExitCode.UNREACHABLE;
  return status >= 500 ? ExitCode.INTERNAL : ExitCode.REFUSED;
}

/** Errors of Aura's own libraries carry a help; those of an embedded one come through without their class. */
function hasHelp(error: unknown): error is Error & { readonly help: string } {
  return error instanceof Error && 'help' in error && typeof error.help === 'string';
}

function partsOf({ message, help }: { readonly message: string; readonly help: string }) {
  return { message, help, details: [] };
}

function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${withCauses(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
