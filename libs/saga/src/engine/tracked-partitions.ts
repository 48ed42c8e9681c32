import { trackerQueue } from '@aura/messaging';
import type { Consumer, EventBus } from '@aura/messaging';
import type { SagaBook } from './book';
import type { PartitionWork } from './partitions';
import type { Recovery } from './recovery';
import type { TransactionDesk } from './transactions/transaction-desk';
import type { ViewWriter } from './view-writer';

/** Time for what is in hand when consumption stops, ms. */
export const HAND_OVER_MS = 5000;

/** What the tracking of partitions works with. */
export interface TrackingParts {
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly recovery: Recovery;
  readonly transactions: Pick<TransactionDesk, 'flush' | 'flushedUpTo' | 'forgetPartition'>;
  /** Consumes a tracker queue. */
  readonly consume: (queue: string) => Promise<Consumer>;
}

/** The partitions that this instance tracks: each with its consumer, and what is to be recovered of it. */
export class TrackedPartitions implements PartitionWork {
  private readonly consumers = new Map<number, Consumer>();

  constructor(
    private readonly bus: EventBus,
    private readonly parts: TrackingParts,
  ) {}

  async begin(partition: number, since: number): Promise<void> {
    const queue = trackerQueue(partition);
    // What was kept from an earlier time, or from starts made here, may be old by now.
    this.parts.book.forgetPartition(partition);
    this.parts.transactions.forgetPartition(partition);
    await this.bus.declareQueue({ queue, kind: 'tracker' });
    this.consumers.set(partition, await this.parts.consume(queue));
    this.parts.recovery.openPartition(partition, since);
  }

  async end(partition: number): Promise<number> {
    const { book, views, recovery, transactions } = this.parts;
    await this.consumers.get(partition)?.stop(HAND_OVER_MS);
    this.consumers.delete(partition);
    await views.flush();
    await transactions.flush();
    const flushedUpTo = this.flushedUpTo(partition);
    recovery.drop(partition);
    book.forgetPartition(partition);
    transactions.forgetPartition(partition);
    return flushedUpTo;
  }

  onVanished(partitions: readonly number[], since: number): void {
    for (const partition of partitions) this.parts.recovery.openPartition(partition, since);
  }

  flushedUpTo(partition: number): number {
    const { views, recovery, transactions } = this.parts;
    const openSince = recovery.openSince(partition) ?? Number.POSITIVE_INFINITY;
    return Math.min(views.flushedUpTo(), transactions.flushedUpTo(), openSince);
  }
}
