import { tellingJournal } from '@aura/messaging';
import type { Done, TellingJournal } from '@aura/messaging';
import { decideTransaction } from '../../transaction/decide-transaction';
import type { Incarnation } from '../../transaction/incarnation';
import type { TransactionInput } from '../../transaction/transaction-input';
import { transactionMessages } from '../../transaction/transaction-messages';
import { transactionRow } from '../../transaction/transaction-row';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import type { TurnClock } from '../../machine/turn';
import type { PartitionGaps } from '../gaps';
import type { CoordinatorPorts } from '../ports';
import { appendLeading } from '../sequel';
import type { FindSequel, Sequel } from '../sequel';
import type { LostTransactions } from './lost-transactions';
import type { BookedTransaction, TransactionBook } from './transaction-book';
import type { TransactionViewWriter } from './transaction-view-writer';

/** A transaction as it stands behind what it was told. */
export interface Taken {
  readonly booked: BookedTransaction;
  /** What its saga made of its end, where that stands already. */
  readonly led?: Done;
}

/** What the rows of transactions are made with. */
export interface TransactionRowParts {
  readonly book: TransactionBook;
  readonly views: TransactionViewWriter;
  readonly gaps: Pick<PartitionGaps, 'gapSince'>;
  readonly incarnation: Incarnation;
  readonly lost: LostTransactions;
  /** Of what a transaction tells its saga. */
  readonly sequel: FindSequel;
}

/** Decides what transactions come to, and appends it: the journal's sequence says whether it was decided on the newest state. */
export class TransactionRows {
  private readonly telling: TellingJournal;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: TransactionRowParts,
  ) {
    this.telling = tellingJournal(ports.bus, ports.journal);
  }

  /** What inputs come to behind a state; `lost` when that was not the newest. */
  async place(
    own: TransactionHead,
    booked: BookedTransaction | undefined,
    inputs: readonly TransactionInput[],
  ): Promise<Taken | undefined | 'lost'> {
    const { incarnation, lost, book } = this.parts;
    const clock = this.clock(own);
    const mayBeForgotten = booked === undefined && (await lost.mayBeForgotten(own));
    const before = booked?.state;
    const opening = { before, head: own, incarnation, mayBeForgotten, ...clock };
    const { entries, state } = decideTransaction(opening, inputs);
    if (state === undefined) return undefined;
    if (entries.length === 0)
      return booked !== undefined && (await book.isNewest(booked)) ? { booked } : 'lost';
    return this.append(booked, state, { entries, at: clock.now });
  }

  /** The first row of one whose saga is about to begin, so that nobody can have spoken of it. */
  first(head: TransactionHead, input: TransactionInput): Sequel | undefined {
    const { book, incarnation } = this.parts;
    const clock = this.clock(head);
    const { entries, state } = decideTransaction({ before: undefined, head, incarnation, ...clock }, [input]);
    if (state === undefined || entries.length === 0) return undefined;
    const publish = transactionMessages(state, { entries, at: clock.now });
    const forget = (): void => book.forget(state.transaction);
    return {
      telling: { row: transactionRow(state, entries, clock.now), publish },
      settled: (result) => {
        if (result === undefined || result === 'conflict') return void forget();
        const unpublished = result === 'told' ? [] : publish;
        return this.said(this.kept({ state, publishedSeq: 0, unpublished }));
      },
      unknown: forget,
    };
  }

  /** What is to be published of one, and that it was. */
  said(booked: BookedTransaction): Done {
    const { book, views } = this.parts;
    const published = (): void => {
      if (booked.publishedSeq < booked.state.seq) views.changed(book.published(booked));
    };
    return { kind: 'done', publish: booked.unpublished, published };
  }

  clock({ partition }: Pick<TransactionHead, 'partition'>): TurnClock {
    return { now: this.ports.world.clock.now(), gapSince: this.parts.gaps.gapSince(partition) };
  }

  /** After an append whose outcome is unknown the transaction is folded anew. */
  private async append(
    booked: BookedTransaction | undefined,
    state: TransactionState,
    made: Parameters<typeof transactionMessages>[1],
  ): Promise<Taken | 'lost'> {
    const { publishedSeq = 0, unpublished: open = [] } = booked ?? {};
    const publish = [...open, ...transactionMessages(state, made)];
    try {
      const row = transactionRow(state, made.entries, made.at);
      // What participants wait for is never kept waiting for a row of the saga.
      const find = publish.length === 1 ? this.parts.sequel : () => undefined;
      const { result, left, led } = await appendLeading(this.telling, { row, publish }, find);
      if (result === 'conflict') return 'lost';
      const next = this.kept({ state, publishedSeq, unpublished: left });
      return led === undefined ? { booked: next } : { booked: next, led: led.done };
    } catch (error) {
      this.parts.book.forget(state.transaction);
      throw error;
    }
  }

  /** All that it says is published where nothing is left. */
  private kept(next: BookedTransaction): BookedTransaction {
    const { book, views } = this.parts;
    book.keep(next);
    const kept = next.unpublished.length === 0 ? book.published(next) : next;
    views.changed(kept);
    return kept;
  }
}
