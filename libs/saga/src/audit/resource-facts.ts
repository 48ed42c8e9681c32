import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { OPENING } from '@aura/workflow';
import type { Discrepancy } from './audit-report';
import { countedChange, CountedFold } from './counted-fold';
import type { CountedChange } from './counted-fold';
import { bodyOf, membersOf } from './row-json';
import type { Members } from './row-json';

/** How an operation of a step stands in a resource's journal. */
export interface Effect {
  readonly standing: 'prepared' | 'applied' | 'gone';
  readonly change?: JsonValue;
  /** The row that made it so. */
  readonly seq: number;
}

/** What a resource's journal tells. */
export interface ResourceFacts {
  readonly participant: string;
  /** `<type>/<id>`. */
  readonly stream: string;
  readonly type: string;
  /** By operation `step/…/<n>`. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** Absent: its changes are not counted. */
  readonly counted?: CountedFold;
  /** Held by transactions that are not decided. */
  readonly prepared: number;
  readonly discrepancies: readonly Discrepancy[];
}

interface Body {
  readonly changes: Members;
  readonly prepared: Members;
}

const PREPARE = '/prepare';
const REVERSE = '/reverse';

/** The facts of a resource's journal; undefined for a stream that holds something else. */
export function resourceFacts(participant: string, rows: readonly JournalRow[]): ResourceFacts | undefined {
  const bodies = rows.map((row) => ({ row, body: resourceBody(row) }));
  const [first] = rows;
  if (first === undefined || bodies.some(({ body }) => body === undefined)) return undefined;
  const reading = new ResourceReading(participant, first.stream);
  for (const { row, body } of bodies) if (body !== undefined) reading.row(row, body);
  return reading.facts();
}

function resourceBody(row: JournalRow): Body | undefined {
  const { changes, prepared } = bodyOf(row);
  return changes === undefined ? undefined : { changes: membersOf(changes), prepared: membersOf(prepared) };
}

class ResourceReading {
  private readonly effects = new Map<string, Effect>();
  private readonly seen = new Set<string>();
  private readonly discrepancies: Discrepancy[] = [];
  private readonly fold = new CountedFold();
  private isCounted = true;
  private prepared = 0;

  constructor(
    private readonly participant: string,
    private readonly stream: string,
  ) {}

  row(row: JournalRow, body: Body): void {
    for (const operation of row.operations) {
      if (this.seen.has(operation)) this.wrong(row, 'OPERATION_TWICE', `${operation} stands twice`);
      this.seen.add(operation);
      this.operation(row, body, operation);
    }
    const { onHand } = this.fold;
    if (this.prepared > onHand)
      this.wrong(row, 'NOT_CONSERVED', `${this.prepared} are promised to transactions, of ${onHand} on hand`);
    const unnamed = Object.keys(body.changes).find((operation) => !row.operations.includes(operation));
    if (unnamed !== undefined)
      this.wrong(row, 'UNNAMED_CHANGE', `a change by ${unnamed}, which the row does not perform`);
  }

  facts(): ResourceFacts {
    const { participant, stream, effects, discrepancies } = this;
    return {
      participant,
      stream,
      type: stream.slice(0, stream.indexOf('/')),
      effects,
      ...(this.isCounted ? { counted: this.fold } : {}),
      prepared: this.prepared,
      discrepancies,
    };
  }

  private operation(row: JournalRow, { changes, prepared }: Body, operation: string): void {
    const change = changes[operation];
    if (operation.endsWith(PREPARE)) {
      const of = operation.slice(0, -PREPARE.length);
      const held = membersOf(prepared[of])['change'];
      this.note(row, of, held === undefined ? 'gone' : 'prepared', held);
    } else if (operation.endsWith(REVERSE)) {
      this.reversal(row, operation.slice(0, -REVERSE.length), change);
    } else if (operation === OPENING) {
      this.opening(row, change);
    } else {
      this.application(row, operation, change);
    }
  }

  private opening(row: JournalRow, change: JsonValue | undefined): void {
    if (row.seq !== 1) this.wrong(row, 'OPENING_LATE', 'an opening that is not the first row');
    if (change !== undefined) this.count(row, change);
  }

  private application(row: JournalRow, operation: string, change: JsonValue | undefined): void {
    const before = this.effects.get(operation);
    if (change === undefined) return this.note(row, operation, 'gone', before?.change);
    if (before?.standing === 'gone')
      this.wrong(row, 'APPLIED_BEHIND_UNDO', `${operation} takes effect, though it was given up`);
    if (before?.standing === 'prepared' && !isSame(before.change, change))
      this.wrong(row, 'COMMIT_DIFFERS', `${operation} is committed as another change than was prepared`);
    this.count(row, change);
    this.note(row, operation, 'applied', change);
  }

  private reversal(row: JournalRow, of: string, change: JsonValue | undefined): void {
    const before = this.effects.get(of);
    const wrong = wrongReversal(before, change);
    if (wrong !== undefined) this.wrong(row, wrong.code, `${of} ${wrong.message}`);
    if (change !== undefined) this.count(row, change);
    this.note(row, of, 'gone', before?.change);
  }

  private count(row: JournalRow, change: JsonValue): void {
    const counted = countedChange(change);
    if (counted === undefined) this.isCounted = false;
    const wrong = counted === undefined ? undefined : this.fold.add(counted);
    if (wrong !== undefined) this.wrong(row, 'NOT_CONSERVED', wrong);
  }

  private note(
    { seq }: JournalRow,
    operation: string,
    standing: Effect['standing'],
    change: JsonValue | undefined,
  ): void {
    const before = this.effects.get(operation);
    const effect = { standing, seq, ...(change === undefined ? {} : { change }) };
    this.effects.set(operation, effect);
    this.prepared += promisedBy(effect) - promisedBy(before);
  }

  private wrong({ seq }: JournalRow, code: string, message: string): void {
    const { participant, stream } = this;
    this.discrepancies.push({ code, participant, stream, seq, message });
  }
}

function wrongReversal(
  before: Effect | undefined,
  change: JsonValue | undefined,
): { readonly code: string; readonly message: string } | undefined {
  if (before?.standing !== 'applied')
    return change === undefined
      ? undefined
      : { code: 'UNDONE_WITHOUT_EFFECT', message: 'is taken back, though it has no effect' };
  if (change === undefined)
    return { code: 'UNDO_WITHOUT_CHANGE', message: 'is void, though it had taken effect' };
  if (before.change === undefined || isOpposite(before.change, change)) return undefined;
  return { code: 'UNDO_DIFFERS', message: 'is taken back by another change than it made' };
}

/** What a transaction holds of what is on hand. */
function promisedBy(effect: Effect | undefined): number {
  if (effect?.standing !== 'prepared' || effect.change === undefined) return 0;
  const counted = countedChange(effect.change);
  return counted?.kind === 'held' ? counted.amount : 0;
}

function isSame(one: JsonValue | undefined, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const OPPOSITE: Readonly<Record<CountedChange['kind'], CountedChange['kind']>> = {
  received: 'returned',
  returned: 'received',
  held: 'released',
  released: 'held',
  spent: 'unspent',
  unspent: 'spent',
};

/** What is not counted has an opposite that only its type knows. */
function isOpposite(change: JsonValue, reversal: JsonValue): boolean {
  const [done, undone] = [countedChange(change), countedChange(reversal)];
  if (done === undefined) return true;
  return undone?.kind === OPPOSITE[done.kind] && undone.amount === done.amount;
}
