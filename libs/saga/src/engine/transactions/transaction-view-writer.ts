import type { Cancel, Log, ViewStore, World } from '@aura/kernel';
import type { BookedTransaction } from './transaction-book';
import { transactionView } from './transaction-view';
import type { TransactionViewField } from './transaction-view';

interface Dirty {
  readonly booked: BookedTransaction;
  /** Time of the oldest row that the stored view may lack, ms since 1970. */
  readonly since: number;
  /** Whether nobody can have written a view of it, as it has begun here. */
  readonly isNew: boolean;
}

/** Most views of one write. */
const MOST_AT_ONCE = 1000;
/** Wait before views that could not be written are tried again, ms. */
const AGAIN_MS = 1000;

/** Writes views of transactions behind, together: each is late by at most `flushMs`. */
export class TransactionViewWriter {
  private readonly dirty = new Map<string, Dirty>();
  private writing: Promise<void> = Promise.resolve();
  private writingSince: number | undefined;
  private cancel: Cancel | undefined;
  private isStopped = false;

  constructor(
    private readonly store: ViewStore<TransactionViewField>,
    private readonly world: World,
    private readonly log: Log,
    private readonly flushMs: number,
  ) {}

  /** A transaction changed. */
  changed(booked: BookedTransaction): void {
    const { state, publishedSeq } = booked;
    const known = this.dirty.get(state.transaction);
    if (known !== undefined && known.booked.state.seq > state.seq) return;
    const { since, isNew } = known ?? {
      since: this.world.clock.now(),
      isNew: state.seq === 1 && publishedSeq === 0,
    };
    this.dirty.set(state.transaction, { booked, since, isNew });
    this.schedule(this.flushMs / 2);
  }

  /** Every view is written that has rows before this time, ms since 1970. */
  flushedUpTo(): number {
    let oldest = this.writingSince ?? this.world.clock.now();
    for (const { since } of this.dirty.values()) oldest = Math.min(oldest, since);
    return oldest;
  }

  /** Writes all that is gathered. */
  async flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  /** Writes what is gathered for the last time; what cannot be written is made again by whoever comes next. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancel?.();
    await this.flush();
  }

  private schedule(delayMs: number): void {
    if (this.isStopped || this.cancel !== undefined) return;
    this.cancel = this.world.scheduler.after(delayMs, () => {
      this.cancel = undefined;
      void this.flush();
    });
  }

  private async write(): Promise<void> {
    const turn = [...this.dirty].slice(0, MOST_AT_ONCE);
    if (turn.length === 0) return;
    this.writingSince = turn.reduce((oldest, [, { since }]) => Math.min(oldest, since), Infinity);
    for (const [id] of turn) this.dirty.delete(id);
    try {
      await Promise.all([
        this.put(
          turn.filter(([, { isNew }]) => isNew),
          { areNew: true },
        ),
        this.put(
          turn.filter(([, { isNew }]) => !isNew),
          { areNew: false },
        ),
      ]);
    } catch (error) {
      this.log.warn('views of transactions not written; trying again', { error, views: turn.length });
      for (const [id, item] of turn)
        this.dirty.set(id, { ...item, booked: this.dirty.get(id)?.booked ?? item.booked, isNew: false });
    } finally {
      this.writingSince = undefined;
    }
    if (this.dirty.size > 0) this.schedule(AGAIN_MS);
  }

  private async put(
    turn: readonly (readonly [string, Dirty])[],
    expectation: { readonly areNew: boolean },
  ): Promise<void> {
    if (turn.length === 0) return;
    const views = turn.map(([, { booked }]) => transactionView(booked.state, booked.publishedSeq));
    await this.store.put(views, expectation);
  }
}
