import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { sagaPage } from '../pages/saga-page';

/** `aura sagas show ID`: a saga on one page, or as the API answers it. */
export async function showSaga(
  context: CliContext,
  sagaId: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const saga = await withAura(context, ({ client }) => client.get(sagaId, { signal }));
  if (options.json === true) terminal.out(JSON.stringify(saga));
  else for (const line of sagaPage(saga, terminal)) terminal.out(line);
  return ExitCode.OK;
}

/** `aura why ID`: one sentence. */
export async function explainSaga(context: CliContext, sagaId: string): Promise<ExitCode> {
  const { why } = await withAura(context, ({ client }) => client.why(sagaId, { signal: context.signal }));
  context.terminal.out(why);
  return ExitCode.OK;
}
