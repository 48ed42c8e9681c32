import { transactionStream } from '@aura/kernel';
import type { Journal, ViewStore } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import { LRUCache } from 'lru-cache';
import { transactionMessages } from '../../transaction/transaction-messages';
import { foldTransaction, transactionEntries } from '../../transaction/transaction-row';
import type { TransactionState } from '../../transaction/transaction-state';
import type { TransactionViewField } from './transaction-view';

/** A transaction in memory: its fold, and what of it still has to be published. */
export interface BookedTransaction {
  readonly state: TransactionState;
  /** Every row up to this one was published. */
  readonly publishedSeq: number;
  /** Messages of the rows behind `publishedSeq`. */
  readonly unpublished: readonly OutboundMessage[];
}

/** Transactions kept in memory at once; others are folded again from their journals. */
const KEPT = 10_000;

/** The transactions that this instance has in hand. The journal is the truth; what is kept here is its fold. */
export class TransactionBook {
  private readonly kept = new LRUCache<string, BookedTransaction>({ max: KEPT });

  constructor(
    private readonly journal: Journal,
    private readonly views: ViewStore<TransactionViewField>,
  ) {}

  /** A transaction as it stands, from memory or its journal; undefined when it has none. */
  async open(id: string): Promise<BookedTransaction | undefined> {
    const known = this.kept.get(id);
    if (known !== undefined) return known;
    const rows = await this.journal.read(transactionStream(id));
    const states = foldTransaction(rows);
    const state = states.at(-1);
    if (state === undefined) return undefined;
    const publishedSeq = Number((await this.views.get(id))?.fields.publishedSeq ?? 0);
    const unpublished = rows.flatMap((row, n) => {
      const behind = states[n];
      if (row.seq <= publishedSeq || behind === undefined) return [];
      return transactionMessages(behind, { entries: transactionEntries(row), at: row.at });
    });
    // Whoever wrote meanwhile has the newer fold.
    const current = this.kept.get(id);
    if (current !== undefined && current.state.seq >= state.seq) return current;
    const booked = { state, publishedSeq, unpublished };
    this.kept.set(id, booked);
    return booked;
  }

  /** A transaction as this instance has it in memory; undefined when it has not, which says nothing about its journal. */
  inMemory(id: string): BookedTransaction | undefined {
    return this.kept.get(id);
  }

  /** A transaction as it stands now: what is in memory may be behind what another instance has appended. */
  async newest(id: string): Promise<BookedTransaction | undefined> {
    const known = await this.open(id);
    if (known === undefined || (await this.isNewest(known))) return known;
    this.forget(id);
    return this.open(id);
  }

  /** Whether what is kept is the newest: nobody else has appended since. */
  async isNewest({ state }: BookedTransaction): Promise<boolean> {
    return (await this.journal.head(transactionStream(state.transaction))) === state.seq;
  }

  /** Takes a transaction in hand that just got a row; one that is known in a newer state stays. */
  keep(booked: BookedTransaction): void {
    const { transaction, seq } = booked.state;
    const known = this.kept.get(transaction);
    if (known === undefined || known.state.seq <= seq) this.kept.set(transaction, booked);
  }

  /** The next {@link open} folds it again. */
  forget(id: string): void {
    this.kept.delete(id);
  }

  /** Says that every row that it had was published; answers it as it stands now. */
  published(booked: BookedTransaction): BookedTransaction {
    const { transaction, seq } = booked.state;
    const known = this.kept.get(transaction);
    const current = known !== undefined && known.state.seq >= seq ? known : booked;
    if (current.publishedSeq >= seq) return current;
    const isAll = current.state.seq === seq;
    const next = { ...current, publishedSeq: seq, unpublished: isAll ? [] : current.unpublished };
    this.kept.set(transaction, next);
    return next;
  }

  /** Drops the transactions of a partition that comes or goes. */
  forgetPartition(partition: number): void {
    for (const [id, { state }] of this.kept.entries())
      if (state.partition === partition) this.kept.delete(id);
  }
}
