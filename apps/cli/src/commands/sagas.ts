import type { MendOptions } from '@aura/client';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { CliError } from '../cli-error';
import { ExitCode } from '../exit-code';
import { rerunLines } from '../pages/rerun-lines';
import { sagaPage } from '../pages/saga-page';
import { undoLines } from '../pages/undo-lines';

/** `aura sagas show ID`: a saga on one page, or as the API answers it. */
export async function showSaga(
  context: CliContext,
  sagaId: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const { saga, plan } = await withAura(context, async ({ client }) => ({
    saga: await client.get(sagaId, { signal }),
    plan: await client.compensation(sagaId, { signal }),
  }));
  if (options.json === true) terminal.out(JSON.stringify(saga));
  else for (const line of [...sagaPage(saga, terminal), ...undoLines(plan)]) terminal.out(line);
  return ExitCode.OK;
}

/** Options of the commands that mend a saga. */
export interface MendCommandOptions {
  readonly reason?: string;
  readonly note?: string;
  readonly step?: string;
  /** JSON text. */
  readonly input?: string;
}

/** `aura sagas retry|skip|resolve|resume ID`: what a person does about a saga that waits for one. */
export async function mendSaga(
  context: CliContext,
  command: MendOptions['command'],
  sagaId: string,
  { reason, note, step, input }: MendCommandOptions,
): Promise<ExitCode> {
  const wish: MendOptions = {
    command,
    reason: note ?? reason ?? 'no reason given',
    signal: context.signal,
    ...(step === undefined ? {} : { step }),
    ...(input === undefined ? {} : { output: outputOf(input) }),
  };
  const saga = await withAura(context, ({ client }) => client.mend(sagaId, wish));
  for (const line of sagaPage(saga, context.terminal)) context.terminal.out(line);
  return ExitCode.OK;
}

/** Options of `aura sagas rerun`. */
export interface RerunCommandOptions {
  readonly from: string;
  readonly note?: string;
  readonly dryRun?: boolean;
}

/** `aura sagas rerun ID --from STEP`: a saga goes on again from a step, or what that would do. */
export async function rerunSaga(
  context: CliContext,
  sagaId: string,
  { from, note = 'no reason given', dryRun }: RerunCommandOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  if (dryRun !== true) {
    const saga = await withAura(context, ({ client }) =>
      client.rerun(sagaId, { from, reason: note, signal }),
    );
    for (const line of sagaPage(saga, terminal)) terminal.out(line);
    return ExitCode.OK;
  }
  const plan = await withAura(context, ({ client }) => client.planRerun(sagaId, from, { signal }));
  for (const line of rerunLines(plan)) terminal.out(line);
  return plan.refusal === undefined ? ExitCode.OK : ExitCode.REFUSED;
}

/** `aura sagas cancel ID`: gives a saga up and undoes what it did. */
export async function cancelSaga(
  context: CliContext,
  sagaId: string,
  { reason }: Pick<MendCommandOptions, 'reason'>,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const how = reason === undefined ? { signal } : { signal, reason };
  const saga = await withAura(context, ({ client }) => client.cancel(sagaId, how));
  for (const line of sagaPage(saga, terminal)) terminal.out(line);
  return ExitCode.OK;
}

function outputOf(text: string): NonNullable<MendOptions['output']> {
  try {
    return JSON.parse(text) as NonNullable<MendOptions['output']>;
  } catch (error) {
    throw new CliError(`--input is no JSON: ${text.slice(0, 200)}`, "Give the step's output as JSON.", 2, {
      cause: error,
    });
  }
}
