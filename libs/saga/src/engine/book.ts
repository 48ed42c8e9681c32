import { hasEnded } from '@aura/contracts';
import { sagaStream, StoreUnavailableError } from '@aura/kernel';
import type { Journal, JournalRow, Log, LogFields, ViewStore, World } from '@aura/kernel';
import type { CompiledPlan } from '@aura/workflow';
import { VainTries } from '@aura/messaging';
import { LRUCache } from 'lru-cache';
import type { PaidEntry } from '../machine/entry';
import { messagesOf } from '../machine/messages';
import { entriesOf, foldRows, startOf } from '../machine/row';
import type { BookedSaga } from './booked-saga';
import type { Chronicle } from './chronicle';
import type { SagaViewField } from './saga-view';

/** Finds plans by digest. */
export interface PlanSource {
  plan(digest: string): Promise<CompiledPlan | undefined>;
}

/** Sagas kept in memory at once, and characters of their payloads; others are folded again from their journals. */
const KEPT = 20_000;
const KEPT_CHARACTERS = 64 * 1024 * 1024;
/** What a saga takes beside its payloads, in characters. */
const BARE_CHARACTERS = 1000;

/** The sagas that this instance has in hand. The journal is the truth; what is kept here is its fold. */
export class SagaBook {
  /** Sagas that could not be folded: whoever asks for one again does not hear of it each time. */
  private readonly vain: VainTries;
  private readonly kept = new LRUCache<string, BookedSaga>({
    max: KEPT,
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ state }) => state.size + BARE_CHARACTERS,
  });

  constructor(
    private readonly journal: Journal,
    private readonly views: ViewStore<SagaViewField>,
    private readonly plans: PlanSource,
    private readonly told: {
      readonly world: Pick<World, 'clock' | 'randomness'>;
      readonly log: Log;
      readonly chronicle: Chronicle;
      /** Up to which row a saga was published whose view does not say so yet. */
      readonly publishedSeqOf: (saga: string) => number;
    },
  ) {
    this.vain = new VainTries(told.world);
  }

  /**
   * Sagas as they stand, from memory or their journals. Absent: one without a journal, with an unknown plan, or whose
   * journal cannot be folded; the last two are logged, ever more rarely. Errors: `StoreUnavailableError`.
   */
  async open(sagas: readonly string[]): Promise<ReadonlyMap<string, BookedSaga>> {
    const found = new Map<string, BookedSaga>();
    const missing: string[] = [];
    for (const saga of sagas) {
      const booked = this.kept.get(saga);
      if (booked === undefined) missing.push(saga);
      else found.set(saga, booked);
    }
    if (missing.length > 0) await this.load(missing, found);
    return found;
  }

  /** A saga as it stands in memory; undefined when it is not in hand. */
  inMemory(saga: string): BookedSaga | undefined {
    return this.kept.get(saga);
  }

  /**
   * Rows of a saga and its plan, for questions about its past; undefined when there is no such saga. Errors:
   * `StoreUnavailableError`, also when its plan is not known here.
   */
  async history(
    saga: string,
  ): Promise<{ readonly rows: readonly JournalRow[]; readonly compiled: CompiledPlan } | undefined> {
    const rows = await this.journal.read(sagaStream(saga));
    const [first] = rows;
    if (first === undefined) return undefined;
    const { digest } = startOf(first).entry;
    const compiled = await this.plans.plan(digest);
    if (compiled === undefined)
      throw new StoreUnavailableError(`the plan ${digest} of saga ${saga} is not known here`);
    return { rows, compiled };
  }

  /** Takes a saga in hand whose first row, of these entries, was just appended. */
  begun(booked: BookedSaga, entries: readonly PaidEntry[]): void {
    this.told.chronicle.opened(booked, entries);
    this.take(booked);
  }

  /** Takes a saga in hand that just got a row; one that is known in a newer state stays. */
  keep(booked: BookedSaga): void {
    this.told.chronicle.moved(this.kept.get(booked.state.saga)?.state, booked);
    this.take(booked);
  }

  private take(booked: BookedSaga): void {
    const known = this.kept.get(booked.state.saga);
    if (known === undefined || known.state.seq <= booked.state.seq) this.kept.set(booked.state.saga, booked);
  }

  /** The next {@link open} folds the saga again. */
  forget(saga: string): void {
    this.kept.delete(saga);
  }

  /** Says that every row that a saga had was published; answers the saga as it stands now. One that has ended is let go. */
  published(booked: BookedSaga): BookedSaga {
    const { saga, seq } = booked.state;
    const known = this.kept.get(saga);
    const current = known !== undefined && known.state.seq >= seq ? known : booked;
    if (current.publishedSeq >= seq) return current;
    const isAll = current.state.seq === seq;
    const next: BookedSaga = {
      ...current,
      publishedSeq: seq,
      unpublished: isAll ? [] : current.unpublished,
    };
    if (isAll && hasEnded(next.state.status)) this.kept.delete(saga);
    else if (known !== undefined) this.kept.set(saga, next);
    return next;
  }

  /** Drops the sagas of a partition that comes or goes. */
  forgetPartition(partition: number): void {
    for (const [saga, { state }] of this.kept.entries())
      if (state.partition === partition) this.kept.delete(saga);
  }

  private async load(missing: readonly string[], found: Map<string, BookedSaga>): Promise<void> {
    const rows = await this.journal.readMany(missing.map(sagaStream));
    await Promise.all(
      missing.map(async (saga) => {
        const own = rows.get(sagaStream(saga)) ?? [];
        const [first] = own;
        const booked = first === undefined ? undefined : await this.foldOrLog(saga, first, own);
        if (booked === undefined) return;
        // Whoever wrote meanwhile has the newer fold.
        const current = this.kept.get(saga);
        const newest = current !== undefined && current.state.seq >= booked.state.seq ? current : booked;
        this.kept.set(saga, newest);
        found.set(saga, newest);
      }),
    );
  }

  /** One saga that cannot be folded must not stop those beside it. */
  private async foldOrLog(
    saga: string,
    first: JournalRow,
    rows: readonly JournalRow[],
  ): Promise<BookedSaga | undefined> {
    try {
      const booked = await this.fold(saga, first, rows);
      if (booked !== undefined) this.vain.remove(saga);
      return booked;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      this.warn(saga, `saga ${saga} cannot be folded`, { error, partition: first.partition });
      return undefined;
    }
  }

  private warn(saga: string, message: string, fields: LogFields): void {
    if (this.vain.isResting(saga)) return;
    this.vain.add(saga);
    this.told.log.warn(message, fields);
  }

  private async fold(
    saga: string,
    first: JournalRow,
    rows: readonly JournalRow[],
  ): Promise<BookedSaga | undefined> {
    const { digest } = startOf(first).entry;
    const compiled = await this.plans.plan(digest);
    if (compiled === undefined) {
      this.warn(saga, `the plan of saga ${saga} is not known`, { digest, partition: first.partition });
      return undefined;
    }
    const states = foldRows(compiled, rows);
    const state = states.at(-1);
    if (state === undefined) return undefined;
    // What is written of it may be ahead of the rows read, or of a store that was set back.
    const publishedSeq = Math.min(await this.publishedSeqOf(saga), state.seq);
    const unpublished = rows.flatMap((row, n) => {
      const behind = states[n];
      if (row.seq <= publishedSeq || behind === undefined) return [];
      return messagesOf(compiled, behind, { entries: entriesOf(row), at: row.at });
    });
    return { compiled, state, publishedSeq, unpublished };
  }

  /** Of one that has ended and was let go, the view may be late: what was published is not to be said again meanwhile. */
  private async publishedSeqOf(saga: string): Promise<number> {
    const unwritten = this.told.publishedSeqOf(saga);
    const view = await this.views.get(saga);
    return Math.max(unwritten, Number(view?.fields.publishedSeq ?? 0));
  }
}
