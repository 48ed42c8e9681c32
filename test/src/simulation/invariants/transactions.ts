import {
  transactionAborted,
  transactionAbortRequested,
  transactionAcknowledged,
  transactionCommitRequested,
  transactionCommitted,
  transactionVoted,
} from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { branchKey, stepStream, transactionKey } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { COORDINATOR } from '@aura/testing';
import type { Stores } from '@aura/testing';
import type { Report } from '../violation';
import { Holdings } from './holdings';

type Decision = 'committed' | 'aborted';

/** What of an entry in a transaction's journal is looked at. */
interface Entry {
  readonly kind: string;
  readonly branches?: readonly unknown[];
  readonly vote?: string;
}

interface Branch {
  readonly id: string;
  readonly participant: string;
}

/** A transaction as its journal tells it. */
interface KnownTransaction {
  readonly id: string;
  branches: readonly Branch[];
  decision?: Decision;
  hasEnded?: true;
}

/** Events that say a decision, and which. */
const TOLD: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  [transactionCommitRequested.type, 'committed'],
  [transactionCommitted.type, 'committed'],
  [transactionAbortRequested.type, 'aborted'],
  [transactionAborted.type, 'aborted'],
]);

/** Events of branches, and the operations of which one stands before they are said. */
const RECORDED: ReadonlyMap<string, readonly string[]> = new Map([
  [transactionVoted.type, ['vote']],
  [transactionAcknowledged.type, ['end', 'answer']],
]);
const PREFIX = 'ai.aura.transaction.';

/** Follows every transaction by what is written: at the coordinator, at each branch, and on each resource. */
export class Transactions {
  readonly #known = new Map<string, KnownTransaction>();
  /** What branches hold. */
  readonly holdings: Holdings;
  /** `<saga>/<step>/<branch>` of branches that a person answered for. */
  readonly #byHand = new Set<string>();

  constructor(
    private readonly stores: (namespace: string) => Stores,
    private readonly report: Report,
  ) {
    this.holdings = new Holdings(this, report);
  }

  /** Whether a person answered for a branch, in whichever transaction of its step. `node`: `<step>/<branch>`. */
  isByHand(saga: string, node: string): boolean {
    return this.#byHand.has(`${saga}/${node}`);
  }

  /** What was decided; undefined: nothing yet. */
  decisionOf(transaction: string): Decision | undefined {
    return this.#known.get(transaction)?.decision;
  }

  /** Whether every branch has done what was decided. */
  hasEnded(transaction: string): boolean {
    return this.#known.get(transaction)?.hasEnded === true;
  }

  /** Whether a branch has said yes: by what stands at the participant, not by what it said. */
  isWilling(transaction: string, { id: branch, participant }: Branch): boolean {
    const row = this.#branchRow(participant, { transaction, branch }, 'vote');
    return row !== undefined && !row.body.includes('"vote":"no"');
  }

  onRow(namespace: string, row: JournalRow): void {
    if (namespace !== COORDINATOR) return this.holdings.onRow(namespace, row);
    if (!row.stream.startsWith('tx/')) return;
    const id = row.stream.slice('tx/'.length);
    const entries = JSON.parse(row.body) as readonly Entry[];
    for (const entry of entries) this.#onEntry(id, entry);
    this.#demandHeard(id, entries);
  }

  onPublish(event: CloudEvent): void {
    if (!event.type.startsWith(PREFIX)) return;
    const decision = TOLD.get(event.type);
    const { transaction = '', branch = '' } = event.data as Readonly<Record<string, string>>;
    if (decision !== undefined && this.#known.get(transaction)?.decision !== decision)
      this.report(2, `${event.type} ${event.id} is shown before it is decided`, event.correlationid);
    const recorded = RECORDED.get(event.type);
    if (recorded !== undefined) this.#demandRow(event, { transaction, branch }, recorded);
  }

  #onEntry(id: string, { branches = [], kind }: Entry): void {
    const known = this.#known.get(id) ?? { id, branches: [] };
    this.#known.set(id, known);
    switch (kind) {
      case 'opened':
        known.branches = branches as readonly Branch[];
        return this.#demandAbortedBefore(id);
      case 'committed':
      case 'aborted':
        return this.#onDecision(known, kind);
      case 'settled':
        return this.#onSettled(known, branches as readonly string[]);
      case 'finished':
        known.hasEnded = true;
        return this.holdings.demandNoneOf(id);
      default:
    }
  }

  #onDecision(known: KnownTransaction, decision: Decision): void {
    const saga = sagaOf(known);
    if (known.decision !== undefined)
      this.report(2, `${known.id} is ${known.decision} and then ${decision}`, saga);
    known.decision = decision;
    if (decision === 'aborted') return;
    for (const branch of known.branches)
      if (!this.isWilling(known.id, branch))
        this.report(3, `${known.id} is committed, and ${branch.id} has not said yes`, saga);
  }

  /** The row that records a no decides. */
  #demandHeard(id: string, entries: readonly Entry[]): void {
    const isRefused = entries.some(({ kind, vote }) => kind === 'voted' && vote === 'no');
    if (isRefused && this.decisionOf(id) === undefined)
      this.report(3, `${id} is not decided, and a branch has said no`, transactionKey(id)?.key.saga);
  }

  #onSettled({ id }: KnownTransaction, branches: readonly string[]): void {
    const { saga = '', step = '' } = transactionKey(id)?.key ?? {};
    for (const branch of branches) this.#byHand.add(`${saga}/${step}/${branch}`);
  }

  /** A step's next transaction begins only where the one before is aborted. */
  #demandAbortedBefore(id: string): void {
    const before = id.replace(/\d+$/, (n) => String(Number(n) - 1));
    if (before.endsWith('/0') || this.#known.get(before)?.decision === 'aborted') return;
    this.report(3, `${id} is opened, and ${before} is not aborted`, transactionKey(id)?.key.saga);
  }

  #demandRow(
    { correlationid, id, source, type }: CloudEvent,
    place: { readonly transaction: string; readonly branch: string },
    operations: readonly string[],
  ): void {
    const participant = source.slice(source.lastIndexOf('/') + 1);
    if (!operations.some((operation) => this.#branchRow(participant, place, operation) !== undefined))
      this.report(8, `${type} ${id} is published and not recorded`, correlationid);
  }

  #branchRow(
    participant: string,
    { transaction, branch }: { readonly transaction: string; readonly branch: string },
    operation: string,
  ): JournalRow | undefined {
    const place = transactionKey(transaction);
    if (place === undefined) return undefined;
    const stream = stepStream(branchKey(place.key, place.n, branch));
    return this.stores(participant).journal.findOperation(stream, operation);
  }
}

function sagaOf({ id }: Pick<KnownTransaction, 'id'>): string | undefined {
  return transactionKey(id)?.key.saga;
}
