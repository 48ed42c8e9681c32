import type { CloudEvent } from '@aura/contracts';
import { deadLetterRecorded, stepBegun, stepFailed, transactionBranchUndoFailed } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import { COORDINATOR_SOURCE } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { COORDINATOR } from '@aura/testing';
import type { Stores } from '@aura/testing';
import { hasEffect } from '../definition-spec';
import type { StepSpec } from '../definition-spec';
import type { Report } from '../violation';
import type { Effects } from './effects';
import type { Families } from './families';
import type { JournalEntry, KnownSagas } from './known-sagas';
import type { Transactions } from './transactions';

/** Where the watch looks things up. */
export interface Sources {
  stores(namespace: string): Stores;
  /** The step that an event belongs to, when the simulation made its definition. */
  stepOf(event: CloudEvent): StepSpec | undefined;
  readonly sagas: KnownSagas;
  readonly families: Families;
  readonly effects: Effects;
  readonly transactions: Transactions;
  /** Told of every event once. */
  onEvent(event: CloudEvent): void;
}

const MAY_FAIL_APART: readonly string[] = [
  deadLetterRecorded.type,
  stepFailed.type,
  transactionBranchUndoFailed.type,
];
/** CloudEvents source of what transactions decide. */
const TRANSACTIONS_SOURCE = '/aura/coordinator/transactions';

/** Checks every row and every message as it is written: what is wrong for a moment is wrong. */
export class WhileRunning {
  readonly #operations = new Set<string>();
  readonly #published = new Map<string, CloudEvent>();
  readonly #letters = new Set<string>();

  constructor(
    private readonly sources: Sources,
    private readonly report: Report,
  ) {}

  /** Every event that was published, by source and id. */
  get published(): ReadonlyMap<string, CloudEvent> {
    return this.#published;
  }

  onRow(namespace: string, row: JournalRow): void {
    for (const operation of row.operations) {
      const key = `${namespace} ${row.stream} ${operation}`;
      if (this.#operations.has(key))
        this.report(7, `${operation} stands twice in ${row.stream} of ${namespace}`, sagaIn(operation));
      this.#operations.add(key);
    }
    this.sources.transactions.onRow(namespace, row);
    if (namespace !== COORDINATOR) {
      this.#demandLetter(letterIn(row.payload ?? ''), row.stream);
      return this.sources.effects.onRow(row);
    }
    if (!row.stream.startsWith('saga/')) return;
    this.#onEntries(row);
  }

  /** A process wrote what stands already, as another one had written it: each takes it for its own. */
  onShared(namespace: string, { body, stream }: JournalRow): void {
    if (namespace === COORDINATOR || !isPresumed(body)) return;
    this.report(7, `two processes hold the claim of ${stream} of ${namespace}`, sagaIn(stream));
  }

  onPublish({ event }: OutboundMessage): void {
    if (event.type === deadLetterRecorded.type) this.#letters.add(event.id);
    else this.#demandLetter((event.data as Named | undefined)?.deadLetterId, `${event.type} ${event.id}`);
    const key = `${event.source} ${event.id}`;
    const before = this.#published.get(key);
    if (before === undefined) this.#onFirst(event, key);
    else if (before !== event) this.#onRepeated(before, event);
  }

  /** An event that ended a step stands once in its saga's journal, however often it was delivered. */
  #onEntries({ body, stream }: JournalRow): void {
    const entries = JSON.parse(body) as readonly JournalEntry[];
    for (const wrong of this.sources.sagas.onEntries(stream, entries)) this.report(12, wrong, sagaIn(stream));
    this.sources.families.onEntries(stream, entries);
    for (const { event } of entries) {
      const key = `${stream} ${event?.id ?? ''}`;
      if (event === undefined) continue;
      if (this.#operations.has(key)) this.report(7, `${event.id} stands twice in ${stream}`, sagaIn(stream));
      this.#operations.add(key);
    }
  }

  #onFirst(event: CloudEvent, key: string): void {
    this.#published.set(key, event);
    this.sources.transactions.onPublish(event);
    this.sources.onEvent(event);
    if (event.type === stepBegun.type) this.#demandFound(event);
    if (event.source === COORDINATOR_SOURCE) this.#demandDecided(event);
    else if (event.aurastep !== undefined) this.#demandRecorded(event);
  }

  #onRepeated(before: CloudEvent, event: CloudEvent): void {
    // The coordinator tells of a dead letter again, without its body. Several triggers of one join may fail apart, each with
    // a dead letter of its own: what failed is one step, and the first word counts.
    // So may several requests for one undo, which is recorded only where it succeeds.
    if (MAY_FAIL_APART.includes(event.type)) return;
    if (before.type === event.type && said(before, event) === said(event, event)) return;
    this.report(
      2,
      `${event.type} ${event.id} says now ${JSON.stringify(event.data)} and said ${JSON.stringify(before.data)}`,
      event.correlationid,
    );
  }

  /** Who names a dead letter finds it there: what comes again behind a crash says its row, and knows nothing of the letter. */
  #demandLetter(named: string | undefined, by: string): void {
    if (named !== undefined && !this.#letters.has(named))
      this.report(8, `${by} names the dead letter ${named} before it is there`, sagaIn(named));
  }

  /** What the coordinator decided has an id made of its row, and that row stands before anybody hears of it. */
  #demandDecided(event: CloudEvent): void {
    const place = /^(saga\/[^/]+)\/(\d+)\/\d+$/.exec(event.id);
    if (place === null) return;
    const [, stream = '', seq] = place;
    if (this.sources.stores(COORDINATOR).journal.head(stream) < Number(seq))
      this.report(2, `${event.type} ${event.id} is shown before its row stands`, event.correlationid);
  }

  /** Who hears that a saga waits for an event may send it at once: it is found by then, whoever else waits for the same one. */
  #demandFound(event: CloudEvent): void {
    const { aurastep = '', correlationid = '', id, type } = event;
    const { wait } = this.sources.stepOf(event) ?? {};
    if (wait === undefined || 'for' in wait) return;
    if (
      this.sources.stores(COORDINATOR).views.table('waits').get(`${correlationid}/${aurastep}`) === undefined
    )
      this.report(2, `${type} ${id} is shown before its wait can be found`, correlationid);
  }

  /** The end of a step that is recorded stands before anybody hears of it, byte for byte. */
  #demandRecorded(event: CloudEvent): void {
    const spec = this.sources.stepOf(event);
    if (spec === undefined || !isEnd(event) || !recordsEnd(spec)) return;
    for (let { aurarun: run = 1 } = event; run > 0; run--) if (this.#isRecorded(event, spec, run)) return;
    this.report(8, `${event.type} ${event.id} is published and not recorded`, event.correlationid);
  }

  /** Whether an end is recorded in a run; what is carried over into a later one is an event of that. */
  #isRecorded(event: CloudEvent, { participant }: StepSpec, run: number): boolean {
    const { aurarun = 1, aurastep: step = '', correlationid: saga = '', id } = event;
    const { journal } = this.sources.stores(participant);
    const recorded = journal.findOperation(stepStream({ saga, run, step }), 'end')?.payload;
    return recorded?.includes(JSON.stringify(id.replace(`${saga}/${aurarun}/`, `${saga}/${run}/`))) === true;
  }
}

/** Whether a row is a claim that its process will presume to be its own. */
function isPresumed(body: string): boolean {
  const { by, kind } = JSON.parse(body) as { readonly kind?: string; readonly by?: string };
  return kind === 'claim' && by !== undefined;
}

/** Data of an event that may name a dead letter. */
interface Named {
  readonly deadLetterId?: string;
}

/** The dead letter that events in a row name. */
function letterIn(payload: string): string | undefined {
  return /"deadLetterId":"([^"]+)"/.exec(payload)?.[1];
}

/** What an event says. One that is told again may carry outputs on that its join of kind `any` had not waited for. */
function said({ data }: CloudEvent, { aurareplay, source }: CloudEvent): string {
  // What a transaction tells its saga, the saga tells those behind, with what they need beside.
  if (aurareplay === undefined && source !== TRANSACTIONS_SOURCE) return JSON.stringify(data);
  return JSON.stringify({ ...(data as object), context: undefined });
}

const IN_COORDINATOR: readonly StepSpec['kind'][] = ['transaction', 'wait', 'saga'];

function recordsEnd({ dependencies, join, kind, policy }: StepSpec): boolean {
  if (IN_COORDINATOR.includes(kind)) return false;
  if (hasEffect({ kind })) return true;
  if (kind === 'reading' || policy === 'continue' || policy.startsWith('fallback')) return true;
  return dependencies.length > 1 && join !== 'all';
}

function isEnd({ type }: CloudEvent): boolean {
  return type.startsWith('sim.') || type === 'ai.aura.step.skipped.v1';
}

/** The saga that an id or stream names. */
export function sagaIn(text: string): string | undefined {
  return /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(text)?.[0];
}
