import { sagaStream } from '@aura/kernel';
import type { Journal, JournalRow, ViewStore } from '@aura/kernel';
import type { OutboundMessage } from '@aura/messaging';
import type { CompiledPlan } from '@aura/workflow';
import { LRUCache } from 'lru-cache';
import { messagesOf } from '../machine/messages';
import { entriesOf, foldRows, startOf } from '../machine/row';
import type { SagaState } from '../machine/state';
import type { SagaViewField } from './saga-view';

/** A saga in memory: its fold, and what of it still has to be published. */
export interface BookedSaga {
  readonly compiled: CompiledPlan;
  readonly state: SagaState;
  /** Every row up to this one was published. */
  readonly publishedSeq: number;
  /** Messages of the rows behind `publishedSeq`. */
  readonly unpublished: readonly OutboundMessage[];
}

/** Finds plans by digest. */
export interface PlanSource {
  plan(digest: string): Promise<CompiledPlan | undefined>;
}

/** Sagas kept in memory at once; others are folded again from their journals. */
const KEPT = 20_000;

/** The sagas that this instance has in hand. The journal is the truth; what is kept here is its fold. */
export class SagaBook {
  private readonly kept = new LRUCache<string, BookedSaga>({ max: KEPT });

  constructor(
    private readonly journal: Journal,
    private readonly views: ViewStore<SagaViewField>,
    private readonly plans: PlanSource,
  ) {}

  /** Sagas as they stand, from memory or their journals; one without a journal, or with an unknown plan, is absent. */
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

  /** Rows of a saga and its plan, for questions about its past. */
  async history(
    saga: string,
  ): Promise<{ readonly rows: readonly JournalRow[]; readonly compiled: CompiledPlan } | undefined> {
    const rows = await this.journal.read(sagaStream(saga));
    const compiled = await this.planOf(rows);
    return compiled === undefined ? undefined : { rows, compiled };
  }

  keep(booked: BookedSaga): void {
    this.kept.set(booked.state.saga, booked);
  }

  /** The next {@link open} folds the saga again. */
  forget(saga: string): void {
    this.kept.delete(saga);
  }

  /** Says that a saga's rows up to `seq` were published; answers the saga as it stands then. */
  published(saga: string, seq: number): BookedSaga | undefined {
    const booked = this.kept.get(saga);
    if (booked === undefined || booked.publishedSeq >= seq) return booked;
    const isAll = booked.state.seq === seq;
    const next: BookedSaga = { ...booked, publishedSeq: seq, unpublished: isAll ? [] : booked.unpublished };
    this.kept.set(saga, next);
    return next;
  }

  /** Drops everything of partitions that now belong to somebody else. */
  forgetAll(): void {
    this.kept.clear();
  }

  private async load(missing: readonly string[], found: Map<string, BookedSaga>): Promise<void> {
    const rows = await this.journal.readMany(missing.map(sagaStream));
    await Promise.all(
      missing.map(async (saga) => {
        const own = rows.get(sagaStream(saga)) ?? [];
        const compiled = await this.planOf(own);
        if (compiled === undefined) return;
        const booked = await this.fold(saga, own, compiled);
        if (booked === undefined) return;
        // Whoever wrote meanwhile has the newer fold.
        const current = this.kept.get(saga);
        const newest = current !== undefined && current.state.seq >= booked.state.seq ? current : booked;
        this.kept.set(saga, newest);
        found.set(saga, newest);
      }),
    );
  }

  private async fold(
    saga: string,
    rows: readonly JournalRow[],
    compiled: CompiledPlan,
  ): Promise<BookedSaga | undefined> {
    const states = foldRows(compiled, rows);
    const state = states.at(-1);
    if (state === undefined) return undefined;
    const view = await this.views.get(saga);
    const publishedSeq = Number(view?.fields.publishedSeq ?? 0);
    const unpublished = rows.flatMap((row, n) => {
      const behind = states[n];
      if (row.seq <= publishedSeq || behind === undefined) return [];
      return messagesOf(compiled, behind, { entries: entriesOf(row), at: row.at });
    });
    return { compiled, state, publishedSeq, unpublished };
  }

  private async planOf(rows: readonly JournalRow[]): Promise<CompiledPlan | undefined> {
    const [first] = rows;
    return first === undefined ? undefined : this.plans.plan(startOf(first).entry.digest);
  }
}
