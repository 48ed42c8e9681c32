import type { Cancel, ViewStore, World } from '@aura/kernel';
import type { PipelineLog } from '@aura/messaging';
import type { BookedSaga } from './book';
import { sagaView } from './saga-view';
import type { SagaViewField } from './saga-view';

interface Dirty {
  readonly booked: BookedSaga;
  /** Time of the oldest row that the stored view may lack, ms since 1970. */
  readonly since: number;
}

/** Most views of one write. */
const MOST_AT_ONCE = 1000;

/** Writes views behind: a saga's creation and end at once, the rest gathered for a moment. */
export class ViewWriter {
  private dirty = new Map<string, Dirty>();
  private writing: Promise<void> = Promise.resolve();
  private writingSince: number | undefined;
  private cancel: Cancel | undefined;

  constructor(
    private readonly store: ViewStore<SagaViewField>,
    private readonly world: World,
    private readonly log: PipelineLog,
    private readonly flushMs: number,
  ) {}

  /** A saga changed; `isUrgent` for its end. */
  changed(booked: BookedSaga, isUrgent: boolean): void {
    const { saga } = booked.state;
    const since = this.dirty.get(saga)?.since ?? this.world.clock.now();
    this.dirty.set(saga, { booked, since });
    if (isUrgent) this.schedule(0);
    else if (this.cancel === undefined) this.schedule(this.flushMs);
  }

  /** Writes a view and waits until it stands: for a start that is to be acknowledged. */
  async writeNow(booked: BookedSaga): Promise<void> {
    await this.store.put([sagaView(booked.compiled, booked.state, booked.publishedSeq)]);
  }

  /** Every view is written that has rows before this time, ms since 1970. */
  flushedUpTo(): number {
    let oldest = this.writingSince ?? this.world.clock.now();
    for (const { since } of this.dirty.values()) oldest = Math.min(oldest, since);
    return oldest;
  }

  /** Writes what is gathered. */
  async flush(): Promise<void> {
    this.cancel?.();
    this.cancel = undefined;
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  private schedule(delayMs: number): void {
    this.cancel?.();
    this.cancel = this.world.scheduler.after(delayMs, () => void this.flush());
  }

  private async write(): Promise<void> {
    const turn = [...this.dirty.values()];
    if (turn.length === 0) return;
    this.writingSince = this.flushedUpTo();
    this.dirty = new Map();
    try {
      for (let from = 0; from < turn.length; from += MOST_AT_ONCE) {
        const part = turn.slice(from, from + MOST_AT_ONCE);
        await this.store.put(
          part.map(({ booked }) => sagaView(booked.compiled, booked.state, booked.publishedSeq)),
        );
      }
    } catch (error) {
      this.log.warn('views not written; trying again', { error, views: turn.length });
      for (const item of turn)
        if (!this.dirty.has(item.booked.state.saga)) this.dirty.set(item.booked.state.saga, item);
      this.schedule(1000);
    } finally {
      this.writingSince = undefined;
    }
  }
}
