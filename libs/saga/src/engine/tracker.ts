import { sagaTimerDue, stepContinued, stepFailed, stepSkipped } from '@aura/contracts';
import type { CloudEvent, ErrorRecord, JsonValue } from '@aura/contracts';
import { hasEnded } from '@aura/contracts';
import { DONE } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import type { CompiledPlan } from '@aura/workflow';
import { decide } from '../machine/decide';
import type { SagaInput } from '../machine/decide';
import { messagesOf } from '../machine/messages';
import { rowOf } from '../machine/row';
import type { SagaState, StepEnd } from '../machine/state';
import type { GapSince } from '../machine/timers';
import type { BookedSaga, SagaBook } from './book';
import type { EarlyEvents } from './early-events';
import type { CoordinatorPorts } from './ports';
import type { ViewWriter } from './view-writer';

interface Waiting {
  readonly context: DeliveryContext;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface SagaTurn {
  readonly saga: string;
  readonly waiting: readonly Waiting[];
  readonly booked: BookedSaga;
}

interface Decided extends SagaTurn {
  readonly next: BookedSaga;
  readonly row: ReturnType<typeof rowOf> | undefined;
}

/** Sagas of one bulk write. */
const MOST_SAGAS_AT_ONCE = 256;
/** Bulk writes under way at once: appends of different sagas overlap. */
const MOST_TURNS_AT_ONCE = 4;

/** Tells the tracker how much time was nobody's fault for a partition. */
export interface Gaps {
  gapSince(partition: number): GapSince;
}

/**
 * Follows sagas: takes deliveries as they come, groups them by saga, folds in memory, appends all rows in one bulk
 * write. Invariant: a saga is in at most one turn, so that a turn appends at most one row per stream.
 */
export class Tracker {
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly inTurn = new Set<string>();
  private turns = 0;
  private readonly listeners = new Set<(saga: string) => void>();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly book: SagaBook,
    private readonly views: ViewWriter,
    private readonly early: EarlyEvents,
    private readonly gaps: Gaps,
  ) {}

  /** Handles one delivery of a tracker queue; the answer comes when its row stands. */
  track(context: DeliveryContext): Promise<Outcome> {
    const saga = context.event.correlationid;
    if (saga === undefined) return Promise.resolve({ kind: 'dropped', reason: 'no saga is named' });
    return new Promise((resolve, reject) => {
      const queue = this.waiting.get(saga);
      if (queue === undefined) this.waiting.set(saga, [{ context, resolve, reject }]);
      else queue.push({ context, resolve, reject });
      this.pump();
    });
  }

  /** Tells of every saga that got a row here. Returns how to stop listening. */
  onRow(listener: (saga: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private pump(): void {
    while (this.turns < MOST_TURNS_AT_ONCE) {
      const sagas = this.nextSagas();
      if (sagas.length === 0) return;
      this.turns += 1;
      const taken = sagas.map((saga) => this.take(saga));
      void this.turn(taken).finally(() => {
        this.turns -= 1;
        for (const saga of sagas) this.inTurn.delete(saga);
        this.pump();
      });
    }
  }

  private nextSagas(): readonly string[] {
    const sagas: string[] = [];
    for (const saga of this.waiting.keys()) {
      if (this.inTurn.has(saga)) continue;
      sagas.push(saga);
      if (sagas.length === MOST_SAGAS_AT_ONCE) break;
    }
    return sagas;
  }

  private take(saga: string): { readonly saga: string; readonly waiting: readonly Waiting[] } {
    const waiting = this.waiting.get(saga) ?? [];
    this.waiting.delete(saga);
    this.inTurn.add(saga);
    return { saga, waiting };
  }

  private async turn(
    taken: readonly { readonly saga: string; readonly waiting: readonly Waiting[] }[],
  ): Promise<void> {
    try {
      await this.work(taken);
    } catch (error) {
      // The outcome of the append may be unknown: fold these sagas anew, and let the deliveries come back.
      for (const { saga, waiting } of taken) {
        this.book.forget(saga);
        for (const { reject } of waiting) reject(error);
      }
    }
  }

  private async work(
    taken: readonly { readonly saga: string; readonly waiting: readonly Waiting[] }[],
  ): Promise<void> {
    let open = taken;
    while (open.length > 0) {
      const booked = await this.book.open(open.map(({ saga }) => saga));
      const decided: Decided[] = [];
      for (const { saga, waiting } of open) {
        const found = booked.get(saga);
        if (found === undefined) this.holdEarly(saga, waiting);
        else decided.push(this.decideOne({ saga, waiting, booked: found }));
      }
      open = await this.commit(decided);
    }
  }

  private holdEarly(saga: string, waiting: readonly Waiting[]): void {
    for (const { context, resolve, reject } of waiting) this.early.hold(saga, context).then(resolve, reject);
  }

  private decideOne(turn: SagaTurn): Decided {
    const { booked, waiting, saga } = turn;
    const { compiled, state } = booked;
    const now = this.ports.world.clock.now();
    const inputs = waiting.flatMap(({ context }) => inputOf(compiled, context.event) ?? []);
    const { entries, state: next } = decide(compiled, state, inputs, {
      now,
      gapSince: this.gaps.gapSince(state.partition),
    });
    if (entries.length === 0) return { ...turn, next: booked, row: undefined };
    const row = rowOf({ saga, seq: state.seq + 1, at: now, partition: state.partition }, entries);
    const messages = messagesOf(compiled, next, { entries, at: now });
    return {
      ...turn,
      row,
      next: { ...booked, state: next, unpublished: [...booked.unpublished, ...messages] },
    };
  }

  /** Appends all rows at once; answers the turns that lost their sequence and must decide anew. */
  private async commit(decided: readonly Decided[]): Promise<readonly SagaTurn[]> {
    const written = decided.filter(({ row }) => row !== undefined);
    const results = await this.ports.journal.append(written.flatMap(({ row }) => row ?? []));
    const lost = new Set(written.filter((_turn, n) => results[n] === 'conflict'));
    for (const turn of decided) {
      if (lost.has(turn)) this.book.forget(turn.saga);
      else this.finish(turn);
    }
    return [...lost];
  }

  private finish({ saga, waiting, next, row }: Decided): void {
    if (row !== undefined) {
      this.book.keep(next);
      this.listeners.forEach((listener) => listener(saga));
    }
    const { seq } = next.state;
    const isBehind = next.publishedSeq < seq;
    waiting.forEach(({ resolve, context }, n) => {
      if (context.delivery.headers.heldSince !== undefined) this.claim(context);
      if (n > 0 || !isBehind) return resolve(DONE);
      resolve({ kind: 'done', publish: next.unpublished, published: () => this.onPublished(saga, seq) });
    });
  }

  private claim(context: DeliveryContext): void {
    this.early
      .claimed(context)
      .catch((error: unknown) =>
        this.ports.log.warn('the list of early events could not be updated', { error }),
      );
  }

  private onPublished(saga: string, seq: number): void {
    const booked = this.book.published(saga, seq);
    if (booked === undefined) return;
    const isOver = hasEnded(booked.state.status);
    this.views.changed(booked, isOver);
    // Nothing more is expected of it: what comes late folds it from its journal.
    if (isOver) this.book.forget(saga);
  }
}

interface StepEndData {
  readonly output?: JsonValue;
  readonly error?: ErrorRecord;
  readonly attempts?: number;
  readonly deadLetterId?: string;
}

/** What an event says to a saga; nothing when it is none of its business. */
export function inputOf(compiled: CompiledPlan, event: CloudEvent): SagaInput | undefined {
  const data = (event.data ?? {}) as StepEndData & { readonly timer?: string };
  if (event.type === sagaTimerDue.type)
    return data.timer === undefined ? undefined : { kind: 'timer', timer: data.timer };
  const node = compiled.nodes.get(event.aurastep ?? '');
  const end = node === undefined ? undefined : endOf(event.type, node.emits);
  if (node === undefined || end === undefined) return undefined;
  const { output, error, deadLetterId } = data;
  const epoch = event.auraepoch ?? 1;
  return {
    kind: 'stepEnd',
    step: node.id,
    run: event.aurarun ?? 1,
    end,
    event: { source: event.source, id: event.id, type: event.type, time: event.time ?? '', epoch },
    attempts: data.attempts ?? event.auraattempt ?? 1,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(deadLetterId === undefined ? {} : { deadLetterId }),
  };
}

function endOf(type: string, emits: string): StepEnd | undefined {
  if (type === stepSkipped.type) return 'skipped';
  if (type === stepContinued.type) return 'continued';
  if (type === stepFailed.type) return 'failed';
  return type === emits ? 'completed' : undefined;
}

/** Whether a saga counts as open for admission. */
export function isOpen(state: SagaState): boolean {
  return !hasEnded(state.status);
}
