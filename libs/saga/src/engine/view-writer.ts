import type { Cancel, Log, ViewStore, World } from '@aura/kernel';
import type { BookedSaga } from './booked-saga';
import { sagaView } from './saga-view';
import type { SagaViewField } from './saga-view';
import { tellsOfWait, waitViews } from './wait-views';
import type { WaitField } from './wait-views';

interface Dirty {
  readonly booked: BookedSaga;
  /** Time of the oldest event that the stored view may lack, ms since 1970. */
  readonly since: number;
}

/** What is written of each saga. */
export interface WrittenViews {
  readonly sagas: ViewStore<SagaViewField>;
  readonly waits: ViewStore<WaitField>;
}

/** Most views of one write. */
const MOST_AT_ONCE = 1000;
/** Wait before views that could not be written are tried again, ms. */
const AGAIN_MS = 1000;
/** Looks for views whose time has come, within the time that a view may be late: the later, the more sagas have ended. */
const LOOKS = 18;
/** Shortest time between two looks, ms. */
const LEAST_LOOK_MS = 2;

/**
 * Writes views behind: a saga's creation and end at once, anything between when it has waited `flushMs` at most. Each
 * view waits its own time: a saga that ends before it costs no write between, and an end writes no other's view.
 */
export class ViewWriter {
  private readonly dirty = new Map<string, Dirty>();
  /** Those of `dirty` that are to be written at once. */
  private readonly urgent = new Set<string>();
  /** What is being written. */
  private underWay: ReadonlyMap<string, Dirty> = new Map();
  /** New sagas whose first view is being written. */
  private readonly beginning = new Map<string, BookedSaga>();
  private writing: Promise<void> = Promise.resolve();
  private writingSince: number | undefined;
  private cancelUrgent: Cancel | undefined;
  private cancelLook: Cancel | undefined;
  private isStopped = false;

  constructor(
    private readonly stores: WrittenViews,
    private readonly world: World,
    private readonly log: Log,
    private readonly flushMs: number,
  ) {}

  /** A saga changed; `isUrgent` for its end. `since`: when the oldest event of its row came, where that is longer ago. */
  changed(booked: BookedSaga, isUrgent: boolean, since = this.world.clock.now()): void {
    const { saga, seq } = booked.state;
    const known = this.dirty.get(saga);
    if (known !== undefined && known.booked.state.seq > seq) return;
    this.dirty.set(saga, { booked, since: known?.since ?? since });
    if (isUrgent) this.urgent.add(saga);
    this.schedule();
  }

  /** Writes the view of a new saga and waits until it stands: for a start that is to be acknowledged. */
  async writeNow(booked: BookedSaga): Promise<void> {
    const { saga } = booked.state;
    this.beginning.set(saga, booked);
    try {
      await this.put([booked], true);
    } catch (error) {
      // Whoever asked is told to ask again, and finds the saga begun: nobody else would write its view.
      this.changed(booked, true);
      throw error;
    } finally {
      this.beginning.delete(saga);
    }
  }

  /** Has the waits stand of which sagas are about to tell. Errors: `StoreUnavailableError`. */
  async waitsFirst(told: readonly BookedSaga[]): Promise<void> {
    await this.putWaits(told.filter(tellsOfWait));
  }

  /** Up to which row a saga whose view is not written yet was published; 0 where its view says it. */
  publishedSeqOf(saga: string): number {
    const unwritten = [
      this.dirty.get(saga)?.booked,
      this.underWay.get(saga)?.booked,
      this.beginning.get(saga),
    ];
    return Math.max(...unwritten.map((booked) => booked?.publishedSeq ?? 0));
  }

  /** Every view is written that has rows before this time, ms since 1970. */
  flushedUpTo(): number {
    let oldest = this.writingSince ?? this.world.clock.now();
    for (const { since } of this.dirty.values()) oldest = Math.min(oldest, since);
    return oldest;
  }

  /** Writes all that is gathered. */
  async flush(): Promise<void> {
    await this.writeBehind(() => [...this.dirty.keys()]);
  }

  /** Writes what is gathered for the last time; what cannot be written is rebuilt by whoever comes next. */
  async stop(): Promise<void> {
    await this.flush();
    this.isStopped = true;
    this.cancelUrgent?.();
    this.cancelLook?.();
  }

  private schedule(): void {
    if (this.isStopped) return;
    if (this.urgent.size > 0) this.cancelUrgent ??= this.after(0, () => this.flushUrgent());
    if (this.dirty.size > this.urgent.size) this.cancelLook ??= this.after(this.lookMs, () => this.look());
  }

  private get lookMs(): number {
    return Math.max(this.flushMs / LOOKS, LEAST_LOOK_MS);
  }

  private after(delayMs: number, work: () => Promise<void>): Cancel {
    return this.world.scheduler.after(delayMs, () => void work());
  }

  private async flushUrgent(): Promise<void> {
    await this.writeBehind(() => {
      this.cancelUrgent = undefined;
      return [...this.urgent];
    });
  }

  /** Writes what would be late at the next look. */
  private async look(): Promise<void> {
    await this.writeBehind(() => {
      this.cancelLook = undefined;
      const until = this.world.clock.now() - this.flushMs + this.lookMs;
      return [...this.dirty].flatMap(([saga, { since }]) => (since <= until ? [saga] : []));
    });
    this.schedule();
  }

  private async writeBehind(chosen: () => readonly string[]): Promise<void> {
    this.writing = this.writing.then(() => this.write(chosen()));
    await this.writing;
  }

  private async write(sagas: readonly string[]): Promise<void> {
    const turn = sagas.flatMap((saga) => this.dirty.get(saga) ?? []);
    if (turn.length === 0) return;
    this.writingSince = turn.reduce((oldest, { since }) => Math.min(oldest, since), Infinity);
    this.underWay = new Map(turn.map((item) => [item.booked.state.saga, item]));
    for (const saga of sagas) this.forget(saga);
    try {
      for (let from = 0; from < turn.length; from += MOST_AT_ONCE) {
        const part = turn.slice(from, from + MOST_AT_ONCE);
        await this.put(
          part.map(({ booked }) => booked),
          false,
        );
      }
    } catch (error) {
      this.log.warn('views not written; trying again', { error, views: turn.length });
      for (const item of turn) this.putBack(item);
    } finally {
      this.writingSince = undefined;
      this.underWay = new Map();
    }
  }

  /** The waits first: a saga whose view is up to date is found by what it waits for. */
  private async put(all: readonly BookedSaga[], areNew: boolean): Promise<void> {
    await this.putWaits(all);
    const views = all.map(({ compiled, state, publishedSeq }) => sagaView(compiled, state, publishedSeq));
    await this.stores.sagas.put(views, { areNew });
  }

  private async putWaits(all: readonly BookedSaga[]): Promise<void> {
    const waits = all.flatMap(({ compiled, state }) => waitViews(compiled, state));
    if (waits.length > 0) await this.stores.waits.put(waits);
  }

  private forget(saga: string): void {
    this.dirty.delete(saga);
    this.urgent.delete(saga);
  }

  /** What changed meanwhile is newer, and lacks what this lacks as well. */
  private putBack({ booked, since }: Dirty): void {
    const { saga } = booked.state;
    const newer = this.dirty.get(saga);
    this.dirty.set(saga, { booked: newer?.booked ?? booked, since });
    if (this.isStopped) return;
    this.cancelLook?.();
    this.cancelLook = this.after(AGAIN_MS, () => this.look());
  }
}
