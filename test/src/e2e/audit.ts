import type { AuraClient } from '@aura/client';
import { sagaStepRetried } from '@aura/contracts';
import type { SagaDetail, SagaFeedEntry } from '@aura/contracts';
import type { Journal, JournalRow } from '@aura/kernel';
import { COUNTS } from './lab-definitions';

/** Partitions of a coordinator with default settings. */
export const PARTITIONS = 16;
const PAGE = 200;

/** The journals that an audit reads. */
export interface Journals {
  readonly coordinator: Journal;
  readonly ledger: Journal;
}

/**
 * Everything that is not as it must be once all sagas of the lab are over: acknowledged ones without a journal, and of
 * all that have one, acknowledged or not, those that did not complete, counted wrongly, or miss something in their feed.
 */
export async function audit(
  client: AuraClient,
  { coordinator, ledger }: Journals,
  acknowledged: readonly string[],
): Promise<readonly string[]> {
  const known = await sagasIn(coordinator);
  const faults = acknowledged.filter((saga) => !known.includes(saga)).map((saga) => `${saga} has no journal`);
  let wanted = 0;
  for (const saga of known) {
    const detail = await client.get(saga);
    wanted += COUNTS[detail.workflow] ?? 0;
    faults.push(...(await sagaFaults(client, ledger, detail)));
  }
  return [...faults, ...(await counterFaults(ledger, 'all', wanted))];
}

/** Every saga that has a journal. */
export async function sagasIn(journal: Journal): Promise<readonly string[]> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  const sagas: string[] = [];
  for (let afterStream = ''; ;) {
    const page = await journal.scan({ partitions, since: 0, limit: PAGE, afterStream });
    sagas.push(...page.map(({ stream }) => stream.slice('saga/'.length)));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return sagas;
    afterStream = last.stream;
  }
}

async function sagaFaults(
  client: AuraClient,
  ledger: Journal,
  detail: SagaDetail,
): Promise<readonly string[]> {
  const { sagaId, workflow, status, input } = detail;
  const { item } = input as { readonly item: string };
  if (status !== 'completed')
    return [`${sagaId} (${workflow}) is ${status}: ${JSON.stringify(detail.error)}`];
  return [
    ...(await counterFaults(ledger, item, COUNTS[workflow] ?? 0)),
    ...feedFaults(detail, await feedOf(client, sagaId)),
  ];
}

/** Folds a counter of the lab from its journal, and looks for effects that are missing or happened twice. */
async function counterFaults(journal: Journal, item: string, wanted: number): Promise<readonly string[]> {
  const rows = await journal.read(`counter/${item}`);
  const count = rows.reduce((sum, row) => sum + changesOf(row), 0);
  const operations = rows.flatMap((row) => row.operations);
  const twice = operations.filter((operation, n) => operations.indexOf(operation) !== n);
  return [
    ...(count === wanted ? [] : [`counter ${item} stands at ${count}, not ${wanted}`]),
    ...twice.map((operation) => `counter ${item} has ${operation} twice`),
  ];
}

function changesOf({ body }: JournalRow): number {
  const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, number>> };
  return Object.values(changes).reduce((sum, change) => sum + change, 0);
}

/** A saga's whole feed, as it is read from its journal. */
export async function feedOf(client: AuraClient, sagaId: string): Promise<readonly SagaFeedEntry[]> {
  const entries: SagaFeedEntry[] = [];
  for await (const entry of client.saga(sagaId).events()) entries.push(entry);
  return entries;
}

/** What is missing in, or too much for, a full journal: the start, one end of every step, the end, without gaps. */
export function feedFaults(detail: SagaDetail, feed: readonly SagaFeedEntry[]): readonly string[] {
  const faults: string[] = [];
  const sequences = feed.map(({ sequence }) => sequence);
  if (sequences.some((sequence, n) => sequence !== n + 1)) faults.push(`sequence ${sequences.join(',')}`);
  // That the coordinator asked again is no fault: it may, when nobody answered in time.
  const told = feed.filter(({ type }) => type !== sagaStepRetried.type);
  for (const { id, status } of detail.steps) {
    const ends = told.filter(({ step }) => step === id);
    if (ends.length !== 1) faults.push(`${ends.length} ends of step ${id}`);
    if (status !== 'completed' && status !== 'skipped') faults.push(`step ${id} is ${status}`);
  }
  if (told.length !== detail.steps.length + 2) faults.push(`${told.length} entries`);
  return faults.map((fault) => `${detail.sagaId}: ${fault}`);
}
