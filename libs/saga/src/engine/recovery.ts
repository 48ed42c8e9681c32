import { StoreUnavailableError } from '@aura/kernel';
import type { Cancel, StreamHead } from '@aura/kernel';
import { RareWarning, VainTries } from '@aura/messaging';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import { JUMP_MS } from './gaps';
import type { PartitionGaps } from './gaps';
import { forAll } from './for-all';
import { newestRowSince } from './newest-row-since';
import type { CoordinatorPorts } from './ports';
import type { TransactionDesk } from './transactions/transaction-desk';
import { servedAlone } from './served-alone';
import type { ViewWriter } from './view-writer';

/** Looked at from this long before the owner's last word, ms: clocks differ, and a row may be on its way. */
const MARGIN_MS = 60_000;
/** Streams of one page, and single sagas that are looked at together. */
const PAGE = 500;
/** Wait before a recovery that went wrong is tried again, ms. */
const AGAIN_MS = 1000;

const STREAM = 'saga/';
const TRANSACTION_STREAM = 'tx/';

interface Job {
  /** Rows before this time (ms since 1970) are published and have views. */
  readonly since: number;
}

/** What a recovery works with. */
export interface RecoveryParts {
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly transactions: Pick<TransactionDesk, 'recover'>;
  readonly gaps: Pick<PartitionGaps, 'noteAhead'>;
  /** Whether a partition has views at all. */
  readonly hasViews: (partition: number) => Promise<boolean>;
}

/**
 * Finds rows that nobody may have published or written views for, whoever caused them, publishes what is open and
 * brings the views up to date: of partitions that were taken over, from a time on; and of single sagas whose
 * publication failed. Notes where rows lie in the future. Works behind the leases' renewal, a page at a time, until nothing is left.
 */
export class Recovery {
  private readonly partitions = new Map<number, Job>();
  private readonly sagas = new Set<string>();
  private working: Promise<void> | undefined;
  private cancel: Cancel = () => undefined;
  private isStopped = false;
  /** Sagas that the bus refuses: each of their timers has them tried again, and is not told of each time. */
  private readonly refused: VainTries;
  private readonly warning: RareWarning;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: RecoveryParts,
  ) {
    const { world, log } = ports;
    this.refused = new VainTries(world);
    this.warning = new RareWarning(world, (error) =>
      log.warn('what is open could not be recovered; trying again', { error }),
    );
  }

  /** Looks through a partition's journals from a time on, ms since 1970. */
  openPartition(partition: number, since: number): void {
    const known = this.partitions.get(partition);
    this.partitions.set(partition, { since: Math.min(since, known?.since ?? since) });
    this.work();
  }

  /** Publishes what a saga's rows say, once it can be, and writes its view. */
  openSaga(saga: string): void {
    this.sagas.add(saga);
    this.work();
  }

  /** From when on a partition has still to be looked through; undefined when it has been. */
  openSince(partition: number): number | undefined {
    return this.partitions.get(partition)?.since;
  }

  /** Leaves a partition to somebody else. */
  drop(partition: number): void {
    this.partitions.delete(partition);
  }

  /** Resolves when nothing is under way any more. What is open stays open, for whoever takes over. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancel();
    await this.working;
  }

  private work(): void {
    if (this.isStopped || this.working !== undefined) return;
    this.cancel();
    this.working = this.workOff()
      .then(() => {
        this.warning.worked();
        return 0;
      })
      .catch((error: unknown) => {
        this.warning.failed(error);
        return AGAIN_MS;
      })
      .then((waitMs) => {
        this.working = undefined;
        if (this.sagas.size + this.partitions.size > 0 && !this.isStopped)
          this.cancel = this.ports.world.scheduler.after(waitMs, () => this.work());
      });
  }

  private async workOff(): Promise<void> {
    while (this.sagas.size > 0 && !this.isStopped) await this.recoverSome([...this.sagas].slice(0, PAGE));
    for (const [partition, job] of this.partitions) {
      const isDone = await this.lookThrough(partition, job);
      if (isDone && this.partitions.get(partition) === job) this.partitions.delete(partition);
    }
  }

  /** What could not be recovered is open again. */
  private async recoverSome(sagas: readonly string[]): Promise<void> {
    // Whoever asks for one of them from now on asks anew.
    for (const saga of sagas) this.sagas.delete(saga);
    try {
      const booked = await this.parts.book.open(sagas);
      await forAll(booked.values(), (saga) => this.recoverOne(saga));
    } catch (error) {
      for (const saga of sagas) this.sagas.add(saga);
      throw error;
    }
  }

  private async recoverOne(saga: BookedSaga): Promise<void> {
    if (saga.publishedSeq < saga.state.seq) return this.publish(saga);
    // All is published, but its view may be gone.
    this.parts.views.changed(saga, true);
  }

  private async lookThrough(partition: number, job: Job): Promise<boolean> {
    await this.noteAhead(partition);
    const since = (await this.parts.hasViews(partition)) ? Math.max(0, job.since - MARGIN_MS) : 0;
    let recovered = 0;
    for await (const heads of this.pages(partition, since)) {
      if (this.isStopped || this.partitions.get(partition) !== job) return false;
      recovered += await this.recover(idsOf(heads, STREAM));
      recovered += await this.recoverTransactions(idsOf(heads, TRANSACTION_STREAM), partition);
    }
    if (recovered > 0)
      this.ports.log.warn(`published what ${recovered} sagas and transactions had left open`, { partition });
    return true;
  }

  /** Rows of an owner whose clock jumped behind its last renewal, or of somebody else whose clock is ahead. */
  private async noteAhead(partition: number): Promise<void> {
    const { journal, world } = this.ports;
    const newest = await newestRowSince(journal, [partition], world.clock.now() + JUMP_MS);
    if (newest !== undefined) this.parts.gaps.noteAhead(partition, newest);
  }

  private async recoverTransactions(ids: readonly string[], partition: number): Promise<number> {
    const all = await forAll(ids, (id) => this.recoverTransaction(id, partition));
    return all.filter((wasOpen) => wasOpen).length;
  }

  private async recoverTransaction(id: string, partition: number): Promise<boolean> {
    const one = { kind: 'transaction', id, partition } as const;
    return (await servedAlone(this.ports.log, one, () => this.parts.transactions.recover(id))) ?? false;
  }

  private async *pages(partition: number, since: number): AsyncGenerator<readonly StreamHead[]> {
    let afterStream: string | undefined;
    for (;;) {
      const heads = await this.ports.journal.scan({
        partitions: [partition],
        since,
        limit: PAGE,
        ...(afterStream === undefined ? {} : { afterStream }),
      });
      yield heads;
      afterStream = heads.at(-1)?.stream;
      if (heads.length < PAGE) return;
    }
  }

  private async recover(sagas: readonly string[]): Promise<number> {
    const booked = await this.parts.book.open(sagas);
    const open = [...booked.values()].filter(({ state, publishedSeq }) => publishedSeq < state.seq);
    await Promise.all(open.map((saga) => this.publish(saga)));
    return open.filter(({ unpublished }) => unpublished.length > 0).length;
  }

  private async publish(saga: BookedSaga): Promise<void> {
    const { book, views } = this.parts;
    try {
      await views.waitsFirst([saga]);
      if (saga.unpublished.length > 0) await this.ports.bus.publish(saga.unpublished);
      this.refused.remove(saga.state.saga);
      views.changed(book.published(saga), true);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      // One saga that cannot be published must not keep the others waiting: its next timer tries again.
      this.warn(saga, error);
      views.changed(saga, true);
    }
  }

  private warn({ state: { saga, partition } }: BookedSaga, error: unknown): void {
    if (this.refused.isResting(saga)) return;
    this.refused.add(saga);
    this.ports.log.warn(`what saga ${saga} has to say was refused`, { error, partition });
  }
}

function idsOf(heads: readonly StreamHead[], prefix: string): readonly string[] {
  return heads.flatMap(({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []));
}
