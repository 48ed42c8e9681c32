import type { JournalReader, JournalRow } from '@aura/kernel';
import type { AuditReport, Discrepancy } from './audit-report';
import { isByHand, judgeStep, resourceName } from './judge-steps';
import type { AuditFacts } from './judge-steps';
import { judgeResources } from './judge-resources';
import { branchOf, judgeTransactions } from './judge-transactions';
import type { JudgedTransaction, TransactionOutcome } from './judge-transactions';
import { resourceFacts } from './resource-facts';
import type { ResourceFacts } from './resource-facts';
import { SAGA_STREAMS, sagaFacts } from './saga-facts';
import type { SagaFacts } from './saga-facts';
import { STEP_STREAMS, stepFacts } from './step-facts';
import type { StepFacts } from './step-facts';
import { countsOf, sumsOf } from './sums';
import { TRANSACTION_STREAMS, transactionFacts } from './transaction-facts';
import type { TransactionFacts } from './transaction-facts';

/** Journals to be audited. */
export interface AuditedJournals {
  readonly coordinator: JournalReader;
  /** The journals of each participant, by its name. */
  readonly participants: ReadonlyMap<string, JournalReader>;
}

/** Streams of one page. */
const PAGE = 200;

/**
 * Adds everything up from the journals alone: what every resource has got, promised and spent; that every effect belongs to
 * the claim of a step whose saga is open or has ended so that it stands; that every transaction stands at all of its
 * participants or at none. Writes nothing, and asks no view.
 *
 * A step's own journal is read before the resources, and those before the sagas: what has come to an end there has left its
 * traces in what is read later. Journals that are written meanwhile can still show a moment in between; a discrepancy
 * counts when it is found again, see {@link confirmedAudit}.
 */
export async function audit(journals: AuditedJournals): Promise<AuditReport> {
  const steps = await stepsOf(journals);
  const resources = await resourcesOf(journals);
  const transactions = await transactionsOf(journals);
  return reportOf({ steps, resources, transactions, sagas: await sagasOf(journals) });
}

async function stepsOf({ participants }: AuditedJournals): Promise<readonly StepFacts[]> {
  const steps: StepFacts[] = [];
  for (const [name, reader] of participants)
    for await (const rows of streamsOf(reader, STEP_STREAMS)) steps.push(...some(stepFacts(name, rows)));
  return steps;
}

async function resourcesOf({ participants }: AuditedJournals): Promise<AuditFacts['resources']> {
  const resources = new Map<string, ResourceFacts>();
  for (const [name, reader] of participants)
    for await (const rows of streamsOf(reader))
      for (const facts of resourceIn(name, rows)) resources.set(resourceName(name, facts.stream), facts);
  return resources;
}

function resourceIn(name: string, rows: readonly JournalRow[]): readonly ResourceFacts[] {
  const isStep = rows[0]?.stream.startsWith(STEP_STREAMS) === true;
  return isStep ? [] : some(resourceFacts(name, rows));
}

async function transactionsOf({ coordinator }: AuditedJournals): Promise<AuditFacts['transactions']> {
  const transactions = new Map<string, TransactionFacts>();
  for await (const rows of streamsOf(coordinator, TRANSACTION_STREAMS)) {
    const [stream = ''] = rows.map((row) => row.stream);
    transactions.set(stream.slice(TRANSACTION_STREAMS.length), transactionFacts(rows));
  }
  return transactions;
}

async function sagasOf({ coordinator }: AuditedJournals): Promise<AuditFacts['sagas']> {
  const sagas = new Map<string, SagaFacts>();
  for await (const rows of streamsOf(coordinator, SAGA_STREAMS))
    for (const facts of some(sagaFacts(rows))) sagas.set(facts.stream.slice(SAGA_STREAMS.length), facts);
  return sagas;
}

function reportOf(facts: AuditFacts): AuditReport {
  const { steps, resources, sagas } = facts;
  const transactions = judgeTransactions(facts);
  const open = [...sagas.values()].filter(({ status }) => status === 'open').length;
  return {
    sums: sumsOf(resources.values()),
    counts: countsOf(resources.values()),
    steps: steps.length,
    sagas: { open, ended: sagas.size - open },
    transactions: {
      committed: countOf(transactions, 'committed'),
      aborted: countOf(transactions, 'aborted'),
      open: countOf(transactions, 'open'),
    },
    byHand: steps.filter((step) => isLeftByHand(step, facts)).map(({ stream }) => stream),
    discrepancies: inOrder([
      ...[...resources.values()].flatMap(({ discrepancies }) => discrepancies),
      ...steps.flatMap((step) => judgeStep(facts, step)),
      ...judgeResources(facts),
      ...transactions.flatMap(({ discrepancies }) => discrepancies),
    ]),
  };
}

function isLeftByHand(step: StepFacts, { sagas, transactions }: AuditFacts): boolean {
  const isSettled = transactions.get(step.transaction ?? '')?.byHand.has(branchOf(step)) === true;
  if (isSettled) return true;
  return step.phase === 'applied' && step.claims.length > 0 && isByHand(step, sagas.get(step.saga));
}

function countOf(transactions: readonly JudgedTransaction[], wanted: TransactionOutcome): number {
  return transactions.filter(({ outcome }) => outcome === wanted).length;
}

/** Streams of the coordinator's and the participants' journals, whole, one after the other. */
async function* streamsOf(
  reader: JournalReader,
  prefix?: string,
): AsyncGenerator<readonly JournalRow[], void> {
  let behind: { readonly afterStream?: string } = {};
  for (;;) {
    const page = await reader.page({ limit: PAGE, ...(prefix === undefined ? {} : { prefix }), ...behind });
    yield* page;
    const last = page.at(-1)?.[0]?.stream;
    if (last === undefined) return;
    behind = { afterStream: last };
  }
}

function some<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function inOrder(discrepancies: readonly Discrepancy[]): readonly Discrepancy[] {
  const name = ({ participant, stream, seq, code }: Discrepancy) =>
    [participant, stream, seq, code].join(' ');
  return [...discrepancies].sort((one, other) => (name(one) < name(other) ? -1 : 1));
}
