import { transactionTimerDue } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { transactionStream } from '@aura/kernel';
import type { ViewRecord, ViewStore } from '@aura/kernel';
import { COORDINATOR_SOURCE, trackerQueue } from '@aura/messaging';
import type { OutboundMessage } from '@aura/messaging';
import { VainTries } from '@aura/messaging';
import type { TransactionState } from '../../transaction/transaction-state';
import { transactionDueAt } from '../../transaction/transaction-timers';
import { DueViews } from '../due-views';
import type { CoordinatorOptions, CoordinatorPorts } from '../ports';
import type { PartitionGaps } from '../gaps';
import { Rounds } from '../rounds';
import { servedAlone } from '../served-alone';
import type { TransactionBook } from './transaction-book';
import type { TransactionViewField } from './transaction-view';

/** Where timers of transactions are found. */
export interface TransactionTimerSources {
  readonly views: ViewStore<TransactionViewField>;
  readonly book: TransactionBook;
  readonly gaps: Pick<PartitionGaps, 'gapSince' | 'lookAhead'>;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
}

type View = ViewRecord<TransactionViewField>;

/** Publishes due timers of transactions to their partition, where they count only if the state still waits. */
export class TransactionTimerKeeper {
  private readonly dueViews: DueViews<View>;
  private readonly rounds: Rounds;
  /** Those whose journals could not be folded. */
  private readonly vain: VainTries;

  constructor(
    private readonly ports: CoordinatorPorts,
    options: Pick<CoordinatorOptions, 'timerMs'>,
    private readonly sources: TransactionTimerSources,
  ) {
    this.dueViews = new DueViews(sources.views);
    this.vain = new VainTries(ports.world);
    this.rounds = new Rounds(ports.world, options.timerMs, {
      look: () => this.look(),
      failed: (error) =>
        ports.log.warn('due timers of transactions could not be published; trying again', { error }),
    });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async look(): Promise<void> {
    const partitions = this.sources.owned();
    if (partitions.length === 0) return;
    const now = this.ports.world.clock.now();
    const due = await this.dueViews.next(partitions, { now, until: now + this.sources.gaps.lookAhead() });
    const fresh = due.filter(({ id }) => !this.vain.isResting(id));
    const messages = await Promise.all(fresh.map((view) => this.served(view, now)));
    await this.ports.bus.publish(messages.flat());
    // One that lost time is not due yet, and is looked at again.
    fresh.forEach((view, n) => {
      if (messages[n]?.length !== 0) this.dueViews.told(view, now);
    });
  }

  private async served(view: View, now: number): Promise<readonly OutboundMessage[]> {
    const one = { kind: 'transaction', id: view.id, partition: Number(view.fields.partition) } as const;
    const messages = await servedAlone(this.ports.log, one, () => this.message(view, now));
    if (messages === undefined) this.vain.add(view.id);
    else this.vain.remove(view.id);
    return messages ?? [];
  }

  /** What is in memory is newer than the view. */
  private async message({ id }: View, now: number): Promise<readonly OutboundMessage[]> {
    const booked = await this.sources.book.open(id);
    if (booked === undefined) return [];
    const { state } = booked;
    const until = transactionDueAt(state, this.sources.gaps.gapSince(state.partition));
    return until === undefined || until > now ? [] : [dueMessage(state, until)];
  }
}

function dueMessage(state: TransactionState, until: number): OutboundMessage {
  const event: CloudEvent = {
    specversion: '1.0',
    id: `${transactionStream(state.transaction)}/timer/${until}`,
    source: COORDINATOR_SOURCE,
    type: transactionTimerDue.type,
    time: new Date(until).toISOString(),
    datacontenttype: 'application/json',
    correlationid: state.saga,
    aurastep: state.step,
    aurarun: state.run,
    auraplan: state.digest,
    aurapartition: state.partition,
    data: { transaction: state.transaction, until },
  };
  return { event, to: [{ kind: 'queue', queue: trackerQueue(state.partition), batch: true }] };
}
