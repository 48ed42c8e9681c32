import type { SagaFilter, SagaList, SagaSummary } from '@aura/client';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { durationText, elapsed } from '../pages/duration';

/** Options of `aura sagas list`: the filters of the API, and how it is printed. */
export interface SagaListOptions {
  readonly status?: NonNullable<SagaFilter['status']>;
  readonly workflow?: string;
  readonly user?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
  readonly json?: boolean;
}

/** `aura sagas list`: newest first; of what does not fit on the page it says how to get there. */
export async function listSagas(
  context: CliContext,
  { json, user, ...filters }: SagaListOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const filter: SagaFilter = { ...filters, ...(user === undefined ? {} : { userId: user }) };
  const page = await withAura(context, ({ client }) => client.page(filter, { signal }));
  if (json === true) terminal.out(JSON.stringify(page));
  else print(page, terminal);
  return ExitCode.OK;
}

function print({ sagas, next }: SagaList, { out, err }: CliContext['terminal']): void {
  for (const saga of sagas) out(line(saga));
  if (sagas.length === 0) out('no saga is like that');
  if (next !== undefined)
    err(`There are more: ask with a higher --limit, or --to ${sagas.at(-1)?.startedAt ?? ''}`);
}

function line({ sagaId, workflow, version, status, startedAt, endedAt, userId, error }: SagaSummary): string {
  const took = elapsed(startedAt, endedAt);
  return [
    `${sagaId}  ${workflow} ${version}  ${status}  ${startedAt}`,
    ...(took === undefined ? [] : [durationText(took)]),
    ...(userId === undefined ? [] : [`for ${userId}`]),
    ...(error === undefined ? [] : [error.message]),
  ].join('  ');
}
