import { merged, tellingJournal } from '@aura/messaging';
import type { Done, OutboundMessage, TellingJournal } from '@aura/messaging';
import { decideTransaction } from '../../transaction/decide-transaction';
import type { Incarnation } from '../../transaction/incarnation';
import type { TransactionInput } from '../../transaction/transaction-input';
import { transactionMessages } from '../../transaction/transaction-messages';
import { transactionRow } from '../../transaction/transaction-row';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import type { TurnClock } from '../../machine/turn';
import type { PartitionGaps } from '../gaps';
import type { CoordinatorPorts } from '../ports';
import { appendOneLeading } from '../sequel';
import type { FindSequel, LedTo, Sequel } from '../sequel';
import type { LostTransactions } from './lost-transactions';
import type { BookedTransaction, TransactionBook } from './transaction-book';
import type { TransactionViewWriter } from './transaction-view-writer';

/** A transaction as it stands behind what it was told. */
export interface Taken {
  readonly booked: BookedTransaction;
  /** What its saga made of what it says, where that stands already. */
  readonly led: LedTo | undefined;
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
      return booked !== undefined && (await book.isNewest(booked)) ? { booked, led: undefined } : 'lost';
    return this.append(booked, state, { entries, at: clock.now });
  }

  /** The first row of one of which nothing stands; where something does, it loses its place. */
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
        if (result === undefined) return undefined;
        if (result === 'conflict') return void forget();
        const unpublished = result === 'told' ? [] : publish;
        return this.said({ booked: this.kept({ state, publishedSeq: 0, unpublished }), led: undefined });
      },
      unknown: forget,
    };
  }

  /** What is to be published of one, with what its saga made of it. */
  said({ booked, led }: Taken): Done {
    const { book, views } = this.parts;
    const published = (): void => {
      if (booked.publishedSeq < booked.state.seq) views.changed(book.published(booked));
    };
    const publish = booked.unpublished.filter((message) => message !== led?.of);
    return merged([{ kind: 'done', publish, published }, ...(led === undefined ? [] : [led.done])]);
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
      const { result, left, led } = await appendOneLeading(this.telling, { row, publish, find });
      if (result === 'conflict') return 'lost';
      return { booked: this.kept({ state, publishedSeq, unpublished: unsaidOf(left, led) }), led };
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

/** What its saga was told is told again until what that led to is published. */
function unsaidOf(left: readonly OutboundMessage[], led: LedTo | undefined): readonly OutboundMessage[] {
  return led === undefined || led.done.publish.length === 0 ? left : [...left, led.of];
}
