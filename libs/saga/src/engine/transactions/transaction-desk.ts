import type { ViewStore } from '@aura/kernel';
import { withData } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { PlanSource, SagaBook } from '../book';
import type { PartitionGaps } from '../gaps';
import type { Incarnation } from '../../transaction/incarnation';
import type { EngineParts } from '../open-parts';
import type { CoordinatorOptions, CoordinatorPorts } from '../ports';
import type { FindSequel } from '../sequel';
import { TransactionBoard } from './transaction-board';
import { TransactionBook } from './transaction-book';
import { TransactionTimerKeeper } from './transaction-timer-keeper';
import type { TransactionViewField } from './transaction-view';
import { TransactionViewWriter } from './transaction-view-writer';
import { Transactions } from './transactions';

/** What the transactions of an instance stand on. */
export interface DeskParts {
  readonly views: ViewStore<TransactionViewField>;
  readonly plans: PlanSource;
  readonly sagaBook: Pick<SagaBook, 'inMemory'>;
  readonly gaps: PartitionGaps;
  readonly incarnation: Incarnation;
  /** Of what a transaction tells its saga. */
  readonly sequel: FindSequel;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
}

/** Everything about transactions that an instance of the coordinator has in hand: they live in the partitions of their sagas. */
export class TransactionDesk {
  readonly transactions: Transactions;
  readonly board: TransactionBoard;
  readonly book: TransactionBook;
  private readonly views: TransactionViewWriter;
  private readonly timers: TransactionTimerKeeper;

  constructor(
    private readonly ports: CoordinatorPorts,
    options: CoordinatorOptions,
    { views, plans, sagaBook, gaps, incarnation, sequel, owned }: DeskParts,
  ) {
    this.book = new TransactionBook(ports.journal, views);
    this.views = new TransactionViewWriter(views, ports.world, ports.log, options.flushMs);
    const parts = { book: this.book, views: this.views, plans, sagaBook, gaps, incarnation, sequel };
    this.transactions = new Transactions(ports, parts, options);
    const { book, transactions } = this;
    const { world, log } = ports;
    this.board = new TransactionBoard({ book, views, transactions, gaps, world, log });
    this.timers = new TransactionTimerKeeper(ports, options, { views, book: this.book, gaps, owned });
  }

  /** Handles a delivery that is about a transaction. */
  async track(context: DeliveryContext): Promise<Outcome> {
    // What branches are to do, and answer, may travel by reference.
    return this.transactions.track({ event: await withData(context.event, this.ports.claims) });
  }

  /** Publishes what a transaction had left open; answers whether there was anything. */
  recover(id: string): Promise<boolean> {
    return this.transactions.recover(id);
  }

  /** What was kept from an earlier time of a partition may be old by now. */
  forgetPartition(partition: number): void {
    this.book.forgetPartition(partition);
  }

  /** Writes all views that are behind. */
  flush(): Promise<void> {
    return this.views.flush();
  }

  /** Every view is written that has rows before this time, ms since 1970. */
  flushedUpTo(): number {
    return this.views.flushedUpTo();
  }

  start(): void {
    this.timers.start();
  }

  /** Stops looking for timers. */
  stopTimers(): Promise<void> {
    return this.timers.stop();
  }

  /** Writes what is gathered for the last time. */
  stop(): Promise<void> {
    return this.views.stop();
  }
}

/** The desk of an instance, on its parts. `owned`: partitions of this instance. */
export function openDesk(
  ports: CoordinatorPorts,
  options: CoordinatorOptions,
  {
    transactions: views,
    definitions: plans,
    ...others
  }: Pick<EngineParts, 'transactions' | 'definitions'> & Omit<DeskParts, 'views' | 'plans'>,
): TransactionDesk {
  return new TransactionDesk(ports, options, { views, plans, ...others });
}
