import type { DecideOptions } from '@aura/client';
import { withAura } from '../aura/with-aura';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';
import { transactionLine, transactionLines } from '../pages/transaction-lines';

/** Options of `aura tx list`. */
export interface TransactionListOptions {
  readonly all?: boolean;
  readonly saga?: string;
  readonly json?: boolean;
}

/** `aura tx list`: transactions that have not ended, or all that were not forgotten. */
export async function listTransactions(
  context: CliContext,
  { all, saga, json }: TransactionListOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const filter = {
    which: all === true ? 'all' : 'open',
    ...(saga === undefined ? {} : { sagaId: saga }),
  } as const;
  const found = await withAura(context, ({ client }) => client.transactions(filter, { signal }));
  if (json === true) terminal.out(JSON.stringify(found));
  else if (found.length === 0) terminal.out('no transaction waits for anything');
  else for (const one of found) terminal.out(transactionLine(one));
  return ExitCode.OK;
}

/** `aura tx show ID`: votes, who is waited for, what is held, what happens next. */
export async function showTransaction(
  context: CliContext,
  id: string,
  { json }: Pick<TransactionListOptions, 'json'>,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const detail = await withAura(context, ({ client }) => client.transaction(id, { signal }));
  for (const line of json === true ? [JSON.stringify(detail)] : transactionLines(detail)) terminal.out(line);
  return ExitCode.OK;
}

/** `aura tx decide ID committed|aborted --note TEXT`: abort what is undecided, or answer for branches that do not. */
export async function decideTransaction(
  context: CliContext,
  [id = '', decision]: readonly string[],
  { note }: { readonly note: string },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const wish = { decision: decision as DecideOptions['decision'], note, signal };
  const detail = await withAura(context, ({ client }) => client.decideTransaction(id, wish));
  for (const line of transactionLines(detail)) terminal.out(line);
  return ExitCode.OK;
}

/** `aura tx forget ID`: take a transaction that has ended off the board. */
export async function forgetTransaction(context: CliContext, id: string): Promise<ExitCode> {
  const { terminal, signal } = context;
  const detail = await withAura(context, ({ client }) => client.forgetTransaction(id, { signal }));
  terminal.out(detail.why);
  return ExitCode.OK;
}
