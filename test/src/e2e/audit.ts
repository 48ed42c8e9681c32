import { sagaStepRetried } from '@aura/contracts';
import type { SagaDetail, SagaFeedEntry } from '@aura/contracts';
import type { AuraClient } from '@aura/client';
import type { Journal, JournalRow } from '@aura/kernel';
import { COUNTS } from './lab-definitions';

/** What a counter's journal says. */
export interface CounterAudit {
  readonly count: number;
  /** Operations that stand in it more than once. */
  readonly twice: readonly string[];
}

/** Folds a counter of the lab from its journal, and looks for effects that happened twice. */
export async function auditCounter(journal: Journal, item: string): Promise<CounterAudit> {
  const rows = await journal.read(`counter/${item}`);
  const operations = rows.flatMap((row) => row.operations);
  return {
    count: rows.reduce((sum, row) => sum + changesOf(row), 0),
    twice: operations.filter((operation, n) => operations.indexOf(operation) !== n),
  };
}

function changesOf({ body }: JournalRow): number {
  const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, number>> };
  return Object.values(changes).reduce((sum, change) => sum + change, 0);
}

/** A saga that was started, and what it counts. */
export interface StartedLab {
  readonly sagaId: string;
  readonly workflow: string;
  readonly item: string;
}

/** Everything that must be true of sagas of the lab once they are said to be over. */
export async function auditSagas(
  client: AuraClient,
  ledger: Journal,
  sagas: readonly StartedLab[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { sagaId, workflow, item } of sagas) {
    const detail = await client.get(sagaId);
    const wanted = COUNTS[workflow] ?? 0;
    const { count, twice } = await auditCounter(ledger, item);
    if (detail.status !== 'completed') faults.push(`${sagaId} (${workflow}) is ${detail.status}`);
    if (count !== wanted) faults.push(`${sagaId} (${workflow}) counted ${count} times, not ${wanted}`);
    if (twice.length > 0) faults.push(`${sagaId} (${workflow}) counted twice: ${twice.join(', ')}`);
    faults.push(...feedFaults(detail, await feedOf(client, sagaId)));
  }
  const all = await auditCounter(ledger, 'all');
  const wanted = sagas.reduce((sum, { workflow }) => sum + (COUNTS[workflow] ?? 0), 0);
  if (all.count !== wanted) faults.push(`all sagas together counted ${all.count} times, not ${wanted}`);
  if (all.twice.length > 0) faults.push(`operations that stand twice: ${all.twice.join(', ')}`);
  return faults;
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
