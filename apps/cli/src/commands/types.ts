import { writeFile } from 'node:fs/promises';
import { withAura } from '../aura/with-aura';
import { CliError } from '../cli-error';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { workflowTypesText } from '../types/workflow-types-text';

/** Options of `aura types`. */
export interface TypesOptions {
  /** Default: stdout. */
  readonly out?: string;
}

/** `aura types`: the inputs and outputs of all published workflows as TypeScript. */
export async function writeTypes(context: CliContext, { out }: TypesOptions): Promise<ExitCode> {
  const { terminal, signal } = context;
  const templates = await withAura(context, ({ client }) => client.templates({ signal }));
  const text = await workflowTypesText(templates);
  if (out === undefined) {
    terminal.out(text.trimEnd());
    return ExitCode.OK;
  }
  await writeFile(out, text).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${out} cannot be written: ${why}`, 'Name a file in a folder that exists.', 2, {
      cause,
    });
  });
  terminal.err(`${out}: types of ${templates.length} workflows`);
  return ExitCode.OK;
}
