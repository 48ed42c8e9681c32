import { AuraProblemError, type AuraClient, type DefinitionProblem } from '@aura/client';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { readBytes } from '../input/read-bytes';
import { untilActive } from './until-active';

/** `aura definitions list`: one line a definition, and for whom one waits that is not active yet. */
export async function listDefinitions(context: CliContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const definitions = await withAura(context, ({ client }) => client.definitions({ signal }));
  const width = Math.max(0, ...definitions.map(({ id }) => id.length));
  for (const { id, version, status, steps, waitsFor, description } of definitions) {
    const waits = waitsFor.length > 0 ? ` (waits for ${waitsFor.join(', ')})` : '';
    const summary = `${id.padEnd(width)}  ${version.padEnd(8)}  ${status}${waits}  ${steps} steps`;
    terminal.out(`${summary}  ${terminal.colours.dim(description)}`.trimEnd());
  }
  if (definitions.length === 0) terminal.err('No definition is published.');
  return ExitCode.OK;
}

/** `aura definitions validate FILE…`: every reason as `file:line: message` on stdout; 1 when there is one. */
export async function validateDefinitions(context: CliContext, files: readonly string[]): Promise<ExitCode> {
  const { terminal, signal } = context;
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: (await readBytes(file)).toString('utf8') })),
  );
  const checked = await withAura(context, async ({ client }) => {
    const check = checkWith(client, signal);
    return Promise.all(texts.map(check));
  });
  for (const { file, problems } of checked) {
    if (problems.length === 0) terminal.out(`${file}: valid`);
    for (const problem of problems) terminal.out(problemLine(file, problem));
  }
  return checked.every(({ problems }) => problems.length === 0) ? ExitCode.OK : ExitCode.REFUSED;
}

/** Options of `aura definitions publish`. */
export interface PublishOptions {
  /** Longest wait until a definition is active, seconds. */
  readonly wait: number;
}

/**
 * `aura definitions publish FILE…`: one after the other, each until it is active or the wait is over; a refused one says
 * why, and those behind it are still published.
 */
export async function publishDefinitions(
  context: CliContext,
  files: readonly string[],
  { wait }: PublishOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const texts = await Promise.all(files.map(async (file) => (await readBytes(file)).toString('utf8')));
  return withAura(context, async ({ client }) => {
    let code: ExitCode = ExitCode.OK;
    for (const [n, file] of files.entries()) {
      const refused = await published(client, {
        text: texts[n] ?? '',
        file,
        withinMs: wait * 1000,
        signal,
        terminal,
      });
      for (const problem of refused) terminal.out(problemLine(file, problem));
      if (refused.length > 0) code = ExitCode.REFUSED;
    }
    return code;
  });
}

interface ToPublish extends Pick<CliContext, 'terminal' | 'signal'> {
  readonly text: string;
  readonly file: string;
  readonly withinMs: number;
}

/** Why a definition was refused; nothing when it was taken. */
async function published(client: AuraClient, what: ToPublish): Promise<readonly DefinitionProblem[]> {
  const { text, file, signal, terminal } = what;
  try {
    const taken = await client.publishDefinition(text, { file, signal });
    const { id, version, status, waitsFor } = await untilActive(client, taken, what);
    const waits = waitsFor.length > 0 ? ` (waits for ${waitsFor.join(', ')})` : '';
    terminal.out(`${file}: ${id} ${version} ${status}${waits}`);
    return [];
  } catch (error) {
    const problems = error instanceof AuraProblemError ? (error.problem.problems ?? []) : [];
    if (problems.length === 0) throw error;
    return problems;
  }
}

function checkWith(client: AuraClient, signal: AbortSignal) {
  return async ({ file, text }: { readonly file: string; readonly text: string }) => ({
    file,
    problems: await client.checkDefinition(text, { file, signal }),
  });
}

/** One reason as compilers write it. */
export function problemLine(file: string, { line, message }: DefinitionProblem): string {
  return line === undefined ? `${file}: ${message}` : `${file}:${line}: ${message}`;
}
