import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { GapSince } from '../machine/gap-since';
import { evolveTransaction } from './evolve-transaction';
import type { PaidTransactionEntry, TransactionEntry } from './transaction-entry';
import type { TransactionInput } from './transaction-input';
import type { TransactionHead, TransactionState } from './transaction-state';

/** Where a turn begins: the state before it, or whose transaction it is when there is none; and the time, ms since 1970. */
export interface TransactionOpening {
  readonly before: TransactionState | undefined;
  readonly head: TransactionHead;
  readonly now: number;
  /** What was lost since a time, ms: without a coordinator nobody could vote. */
  readonly gapSince: GapSince;
}

/** One turn of one transaction while it is being decided: the entries so far, and the state behind them. */
export class TransactionTurnBuilder {
  readonly entries: PaidTransactionEntry[] = [];
  state: TransactionState | undefined;
  readonly now: number;
  protected readonly gapSince: GapSince;
  private readonly head: TransactionHead;
  private readonly seq: number;

  constructor({ before, head, now, gapSince }: TransactionOpening) {
    this.state = before;
    this.head = head;
    this.now = now;
    this.gapSince = gapSince;
    this.seq = (before?.seq ?? 0) + 1;
  }

  /** Decides one thing. */
  add(entry: TransactionEntry, payload?: JsonValue): void {
    const paid = payload === undefined ? { entry } : { entry, payload };
    this.entries.push(paid);
    this.state = evolveTransaction(this.state, paid, { seq: this.seq, at: this.now });
  }

  /** Opens the journal with what the step asks for. */
  open({ epoch, terms, branches }: Extract<TransactionInput, { readonly kind: 'begin' }>): void {
    const inputs = Object.fromEntries(branches.map(({ id, input }) => [id, input]));
    const named = branches.map(({ id, participant, action }) => ({ id, participant, action }));
    this.add({ kind: 'opened', head: { ...this.head, epoch }, terms, branches: named }, inputs);
  }

  /** Opens the journal with its end: the place where it would have been committed is taken. */
  openAborted(error: ErrorRecord): void {
    this.add({ kind: 'opened', head: this.head, branches: [] });
    this.add({ kind: 'aborted', error });
  }
}
