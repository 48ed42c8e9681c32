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
import { performerOf } from './performer';

type Decision = 'committed' | 'aborted';

/** What of an entry in a transaction's journal is looked at. */
interface Entry {
  readonly kind: string;
  readonly branches?: readonly unknown[];
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
  readonly byHand: Set<string>;
}

/** What a resource's row says. */
interface ResourceBody {
  readonly changes: Readonly<Record<string, unknown>>;
  readonly prepared?: Readonly<Record<string, unknown>>;
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
  /** What is prepared and neither applied nor released: the operation that will apply it, and where it stands. */
  readonly #held = new Map<string, string>();
  /** `<saga>/<step>/<branch>` of branches that a person answered for. */
  readonly #byHand = new Set<string>();

  constructor(
    private readonly stores: (namespace: string) => Stores,
    private readonly report: Report,
  ) {}

  /** Whether a person answered for a branch, in whichever transaction of its step. `node`: `<step>/<branch>`. */
  isByHand(saga: string, node: string): boolean {
    return this.#byHand.has(`${saga}/${node}`);
  }

  /** Whether anything is prepared and neither applied nor released. */
  get isHeld(): boolean {
    return this.#held.size > 0;
  }

  isCommitted(transaction: string): boolean {
    return this.#known.get(transaction)?.decision === 'committed';
  }

  onRow(namespace: string, row: JournalRow): void {
    if (namespace !== COORDINATOR) return this.#onParticipantRow(namespace, row);
    if (!row.stream.startsWith('tx/')) return;
    const id = row.stream.slice('tx/'.length);
    for (const entry of JSON.parse(row.body) as readonly Entry[]) this.#onEntry(id, entry);
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

  /** What must not be left when all is quiet. */
  check(): void {
    for (const [operation, place] of this.#held)
      this.report(13, `${operation} is still held on ${place}`, performerOf(operation).saga);
  }

  #onEntry(id: string, { branches = [], kind }: Entry): void {
    const known = this.#known.get(id) ?? { id, branches: [], byHand: new Set<string>() };
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
        return this.#demandNothingHeld(known);
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
      if (!this.#isWilling(known, branch))
        this.report(3, `${known.id} is committed, and ${branch.id} has not said yes`, saga);
  }

  #onSettled({ id, byHand }: KnownTransaction, branches: readonly string[]): void {
    const { saga = '', step = '' } = transactionKey(id)?.key ?? {};
    for (const branch of branches) {
      byHand.add(branch);
      this.#byHand.add(`${saga}/${step}/${branch}`);
    }
  }

  /** A step's next transaction begins only where the one before is aborted. */
  #demandAbortedBefore(id: string): void {
    const before = id.replace(/\d+$/, (n) => String(Number(n) - 1));
    if (before.endsWith('/0') || this.#known.get(before)?.decision === 'aborted') return;
    this.report(3, `${id} is opened, and ${before} is not aborted`, transactionKey(id)?.key.saga);
  }

  /** By what stands at the participant, not by what it said. */
  #isWilling({ id }: KnownTransaction, { id: branch, participant }: Branch): boolean {
    const row = this.#branchRow(participant, { transaction: id, branch }, 'vote');
    return row !== undefined && !row.body.includes('"vote":"no"');
  }

  /** What ends a transaction is that every branch has done what was decided, but for those that a person answered for. */
  #demandNothingHeld({ id, byHand }: KnownTransaction): void {
    for (const [operation, place] of this.#held) {
      const { branch = '', saga, transaction } = performerOf(operation);
      if (transaction === id && !byHand.has(branch))
        this.report(13, `${id} has ended, and ${operation} is still held on ${place}`, saga);
    }
  }

  #onParticipantRow(namespace: string, { body, operations, stream }: JournalRow): void {
    if (stream.startsWith('step/')) return;
    const { changes, prepared = {} } = JSON.parse(body) as ResourceBody;
    for (const operation of Object.keys(prepared)) this.#held.set(operation, `${namespace} ${stream}`);
    for (const operation of operations)
      if (changes[operation] !== undefined) this.#onApplied(operation);
      else if (this.#held.has(operation)) this.#onReleased(namespace, operation);
  }

  /** Only what is prepared and committed is applied. */
  #onApplied(operation: string): void {
    const { saga, transaction } = performerOf(operation);
    if (transaction === undefined || operation.endsWith('/reverse')) return;
    if (!this.#held.delete(operation)) this.report(13, `${operation} is applied and was not prepared`, saga);
    if (this.#known.get(transaction)?.decision !== 'committed')
      this.report(13, `${operation} is applied, and ${transaction} is not committed`, saga);
  }

  /** What somebody promised is released when it is aborted, or a person answered for it. */
  #onReleased(participant: string, operation: string): void {
    this.#held.delete(operation);
    const { saga, transaction = '', branch = '' } = performerOf(operation);
    const known = this.#known.get(transaction);
    if (known === undefined || known.decision === 'aborted' || known.byHand.has(branch)) return;
    if (this.#isWilling(known, { id: branch, participant }))
      this.report(13, `${operation} is released, and ${transaction} is not aborted`, saga);
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
