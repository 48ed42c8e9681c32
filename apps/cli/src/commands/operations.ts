import type { DefinitionSummary, RebuiltViews } from '@aura/client';
import { AuraProblemError } from '@aura/client';
import { withAura } from '../aura/with-aura';
import { CliError } from '../cli-error';
import type { CliContext } from '../cli-context';
import { ExitCode } from '../exit-code';

/** `aura events unclaimed`: events whose saga is not known, one sentence each. */
export async function listUnclaimed(context: CliContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const events = await withAura(context, ({ client }) => client.unclaimed({ signal }));
  for (const { why } of events) terminal.out(why);
  if (events.length === 0) terminal.out('No event waits for its saga.');
  return ExitCode.OK;
}

/** `aura events drop SOURCE ID`: gives an event up that waits for its saga. */
export async function dropUnclaimed(
  context: CliContext,
  event: { readonly source: string; readonly id: string },
  { note = 'no reason given' }: { readonly note?: string },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const { type, correlation } = await withAura(context, ({ client }) =>
    client.dropUnclaimed({ ...event, reason: note, signal }),
  );
  terminal.out(`given up: ${event.source} ${event.id} (${type}), which waited for saga ${correlation}`);
  return ExitCode.OK;
}

/** `aura overdue`: what is past its time; ends with DEGRADED when there is something. */
export async function listOverdue(context: CliContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const overdue = await withAura(context, ({ client }) => client.overdue({ signal }));
  for (const { why } of overdue) terminal.out(why);
  if (overdue.length > 0) return ExitCode.DEGRADED;
  terminal.out('Nothing is past its time.');
  return ExitCode.OK;
}

/** `aura rebuild`: views made again from their journals, or what is missing. */
export async function rebuildViews(
  context: CliContext,
  { dryRun = false }: { readonly dryRun?: boolean },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const report = await withAura(context, ({ client }) => client.rebuild(dryRun, { signal }));
  const { sagas, transactions, definitions } = report;
  const kinds = Object.entries({ sagas, transactions, definitions });
  for (const [kind, views] of kinds) terminal.out(`${kind.padEnd(12)}  ${counted(views, dryRun)}`);
  return kinds.every(([, { unreadable }]) => unreadable === 0) ? ExitCode.OK : ExitCode.DEGRADED;
}

function counted({ journals, missing, different, unreadable }: RebuiltViews, dryRun: boolean): string {
  const what = dryRun ? 'to be made again' : 'made again';
  const odd = unreadable === 0 ? '' : `, ${unreadable} cannot be read here (the log says why)`;
  return `${journals} journals: ${missing} views were gone and ${different} differed, ${what}${odd}`;
}

/** `aura why ID`: one sentence, about a saga, or about whatever else waits under this id. */
export async function explain(context: CliContext, id: string): Promise<ExitCode> {
  const { terminal, signal } = context;
  const why = await withAura(context, async ({ client }) => {
    try {
      return (await client.why(id, { signal })).why;
    } catch (error) {
      if (!isUnknown(error)) throw error;
      // What waits says until when; a transaction that has ended says at least how.
      const waits = await asOther(() => client.standing(id, { signal }));
      const other = waits ?? (await asOther(() => client.transaction(id, { signal })));
      const definitions = async () => restingIn(await client.definitions({ signal }), id);
      const why = other?.why ?? (await asOther(definitions));
      if (why === undefined)
        throw new CliError(
          `nothing with the id ${JSON.stringify(id)} is held here`,
          'Give the id of a saga, a transaction, a dead letter, `source id` of an event, or id@version of a definition.',
          ExitCode.REFUSED,
          { cause: error },
        );
      return why;
    }
  });
  terminal.out(why);
  return ExitCode.OK;
}

/** How a definition stands that waits for nothing, by its id@version. */
function restingIn(definitions: readonly DefinitionSummary[], name: string): string | undefined {
  const found = definitions.find(({ id, version }) => `${id}@${version}` === name);
  return found && `Definition ${found.id} ${found.version} is ${found.status} and waits for nothing.`;
}

/** Nothing waits under this id either: then what was said of sagas stands. */
async function asOther<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof AuraProblemError && error.problem.status === 404;
}
