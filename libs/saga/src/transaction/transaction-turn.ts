import type { ErrorRecord, JsonObject, JsonValue, TransactionBranch } from '@aura/contracts';
import type { GapSince } from '../machine/gap-since';
import { evolveTransaction } from './evolve-transaction';
import type { PaidTransactionEntry, TransactionEntry } from './transaction-entry';
import type { TransactionInput } from './transaction-input';
import type { Incarnation } from './incarnation';
import type { TransactionHead, TransactionState } from './transaction-state';

/** Where a turn begins: the state before it, or whose transaction it is when there is none; and the time, ms since 1970. */
export interface TransactionOpening {
  readonly before: TransactionState | undefined;
  readonly head: TransactionHead;
  readonly now: number;
  /** What was lost since a time, ms: without a coordinator nobody could vote. */
  readonly gapSince: GapSince;
  /** Of the store now. */
  readonly incarnation: Incarnation;
  /** There is no state, and the saga is older than the incarnation: there may have been one. */
  readonly mayBeForgotten?: boolean;
}

/** One turn of one transaction while it is being decided: the entries so far, and the state behind them. */
export class TransactionTurnBuilder {
  readonly entries: PaidTransactionEntry[] = [];
  state: TransactionState | undefined;
  readonly now: number;
  protected readonly gapSince: GapSince;
  protected readonly incarnation: Incarnation;
  protected readonly mayBeForgotten: boolean;
  private readonly head: TransactionHead;
  private readonly seq: number;

  constructor({ before, head, now, gapSince, incarnation, mayBeForgotten = false }: TransactionOpening) {
    this.state = before;
    this.head = { ...head, incarnation: incarnation.id };
    this.incarnation = incarnation;
    this.mayBeForgotten = mayBeForgotten;
    this.now = now;
    this.gapSince = gapSince;
    this.seq = (before?.seq ?? 0) + 1;
  }

  /** Decides one thing. */
  add(entry: TransactionEntry, payload?: JsonValue): void {
    this.added(entry, payload);
  }

  private added(entry: TransactionEntry, payload?: JsonValue): TransactionState {
    const paid = payload === undefined ? { entry } : { entry, payload };
    this.entries.push(paid);
    const state = evolveTransaction(this.state, paid, { seq: this.seq, at: this.now });
    this.state = state;
    return state;
  }

  /** Opens the journal with what the step asks for. */
  open({ epoch, terms, branches }: Extract<TransactionInput, { readonly kind: 'begin' }>): void {
    const { named, inputs } = partsOf(branches);
    const doubt = this.mayBeForgotten ? ({ mayBeDecided: true } as const) : {};
    this.add({ kind: 'opened', head: { ...this.head, epoch }, terms, branches: named, ...doubt }, inputs);
  }

  /** Its step is reached where branches had asked for it before. */
  begin({ epoch, terms, branches }: Extract<TransactionInput, { readonly kind: 'begin' }>): void {
    const { named, inputs } = partsOf(branches);
    this.add({ kind: 'begun', epoch, terms, branches: named }, inputs);
  }

  /** Opens the journal with its end: the place where it would have been committed is taken. */
  openAborted(error: ErrorRecord): void {
    this.add({ kind: 'opened', head: this.head, branches: [] });
    this.add({ kind: 'aborted', error });
  }

  /** Opens the journal of what was begun, and perhaps decided, in another incarnation; answers the state behind it. */
  openUnknown(): TransactionState {
    this.add({ kind: 'opened', head: this.head, branches: [] });
    return this.added({ kind: 'unknown', incarnation: this.incarnation.id });
  }
}

/** Branches as an entry has them, and their inputs, which are its payload. */
function partsOf(branches: readonly TransactionBranch[]): {
  readonly named: readonly Omit<TransactionBranch, 'input'>[];
  readonly inputs: JsonObject;
} {
  const named = branches.map(({ id, participant, action }) => ({ id, participant, action }));
  return { named, inputs: Object.fromEntries(branches.map(({ id, input }) => [id, input])) };
}
