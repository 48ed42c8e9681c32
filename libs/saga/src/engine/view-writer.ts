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
/** Wait before views that could not be written are tried again, ms. */
const AGAIN_MS = 1000;

/** Writes views behind: a saga's creation and end at once, the rest gathered for a moment. */
export class ViewWriter {
  private dirty = new Map<string, Dirty>();
  private writing: Promise<void> = Promise.resolve();
  private writingSince: number | undefined;
  private scheduled: 'soon' | 'later' | 'again' | undefined;
  private cancel: Cancel = () => undefined;
  private isStopped = false;

  constructor(
    private readonly store: ViewStore<SagaViewField>,
    private readonly world: World,
    private readonly log: PipelineLog,
    private readonly flushMs: number,
  ) {}

  /** A saga changed; `isUrgent` for its end. */
  changed(booked: BookedSaga, isUrgent: boolean): void {
    const { saga, seq } = booked.state;
    const known = this.dirty.get(saga);
    if (known !== undefined && known.booked.state.seq > seq) return;
    this.dirty.set(saga, { booked, since: known?.since ?? this.world.clock.now() });
    if (isUrgent) this.schedule('soon');
    else if (this.scheduled === undefined) this.schedule('later');
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
    this.cancel();
    this.scheduled = undefined;
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  /** Writes what is gathered for the last time; what cannot be written is rebuilt by whoever comes next. */
  async stop(): Promise<void> {
    await this.flush();
    this.isStopped = true;
    this.cancel();
  }

  /** A write that is to come soon is not put off by more that comes. */
  private schedule(when: 'soon' | 'later' | 'again'): void {
    if (this.isStopped || (this.scheduled === 'soon' && when === 'soon')) return;
    this.cancel();
    this.scheduled = when;
    const delayMs = { soon: 0, later: this.flushMs, again: AGAIN_MS }[when];
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
      for (const item of turn) this.putBack(item);
      this.schedule('again');
    } finally {
      this.writingSince = undefined;
    }
  }

  /** What changed meanwhile is newer, and lacks what this lacks as well. */
  private putBack({ booked, since }: Dirty): void {
    const { saga } = booked.state;
    const newer = this.dirty.get(saga);
    this.dirty.set(saga, { booked: newer?.booked ?? booked, since });
  }
}
