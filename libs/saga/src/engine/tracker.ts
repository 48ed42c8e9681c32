import { hasEnded } from '@aura/contracts';
import { sagaStream, StoreUnavailableError } from '@aura/kernel';
import { DONE, isClaimed, merged, tellingJournal, withData } from '@aura/messaging';
import type { DeliveryContext, Done, Outcome, TellingJournal } from '@aura/messaging';
import { asksForNothing, isNews } from '../machine/input';
import type { GapSince } from '../machine/gap-since';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import type { EarlyEvents } from './early-events';
import { decideTurn } from './decide-turn';
import { InHand } from './in-hand';
import { LingeringSagas } from './lingering';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { DecidedTurn, SagaTurn, TakenDeliveries, TrackedDelivery } from './saga-turn';
import { appendLeading, gravest } from './sequel';
import type { FindBeginning, FindSequel, Said } from './sequel';
import { trackSpans } from './track-spans';
import type { ViewWriter } from './view-writer';
import { publishedWithRow, tellsOfWait } from './wait-views';

/** Sagas of one bulk write. */
const MOST_SAGAS_AT_ONCE = 256;
/** Bulk writes under way at once: appends of different sagas overlap. */
const MOST_TURNS_AT_ONCE = 4;
/** Wait before an event of a saga that cannot be folded is looked at again, ms. */
const UNFOLDED_WAIT_MS = 5000;

/** What a tracker works with. */
export interface TrackerParts {
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly early: EarlyEvents;
  /** What a saga's message leads to that begins a transaction here. */
  readonly beginning: FindBeginning;
  /** How much time was nobody's fault for a partition. */
  readonly gaps: { gapSince(partition: number): GapSince };
}

/**
 * Follows sagas: takes deliveries as they come, groups them by saga, folds in memory, appends all rows in one bulk
 * write, but those of sagas that come to a transaction. An event to which nobody waits for an answer lingers a moment, longer under load, so that a row holds several.
 * Invariant: a saga is in at most one turn, so that a turn appends at most one row per stream.
 */
export class Tracker {
  private readonly waiting = new Map<string, TrackedDelivery[]>();
  private readonly inTurn = new Set<string>();
  private turns = 0;
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly lingering: LingeringSagas<TrackedDelivery>;
  private readonly inHand: InHand;
  private readonly telling: TellingJournal;
  private count = 0;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: TrackerParts,
    { prefetch }: Pick<CoordinatorOptions, 'prefetch'>,
  ) {
    this.inHand = new InHand(prefetch);
    this.telling = tellingJournal(ports.bus, ports.journal);
    this.lingering = new LingeringSagas(ports.world, (saga, items) => {
      this.waiting.set(saga, items.concat(this.waiting.get(saga) ?? []));
      this.pump();
    });
  }

  /** Handles one delivery of a tracker queue; the answer comes when its row stands. */
  track(context: DeliveryContext): Promise<Outcome> {
    this.count += 1;
    const saga = context.event.correlationid;
    if (saga === undefined) return Promise.resolve({ kind: 'dropped', reason: 'no saga is named' });
    const since = this.ports.world.clock.now();
    const leave = this.inHand.take(context.delivery.queue);
    return new Promise((resolve, reject) => {
      this.enter(saga, { context, since, resolve: leaving(leave, resolve), reject: leaving(leave, reject) });
    });
  }

  /** Takes a saga of which nothing is under way, as for a turn; answers how to leave it, undefined where somebody else has it. */
  reserve(saga: string): (() => void) | undefined {
    if (this.inTurn.has(saga) || this.waiting.has(saga) || this.lingering.has(saga)) return undefined;
    this.inTurn.add(saga);
    return () => {
      this.inTurn.delete(saga);
      this.pump();
    };
  }

  /** Tells of every row that a saga gets here. Returns how to stop listening. */
  onRow(saga: string, listener: () => void): () => void {
    const listening = this.listeners.get(saga) ?? new Set();
    this.listeners.set(saga, listening.add(listener));
    return () => {
      listening.delete(listener);
      if (listening.size === 0 && this.listeners.get(saga) === listening) this.listeners.delete(saga);
    };
  }

  /** Deliveries that were handled here since the start. */
  delivered(): number {
    return this.count;
  }

  private enter(saga: string, one: TrackedDelivery): void {
    const queue = this.waiting.get(saga);
    if (queue !== undefined) return void queue.push(one);
    const lingerMs = this.lingerMs(saga, one);
    if (lingerMs > 0) return this.lingering.add(saga, one, lingerMs);
    this.waiting.set(saga, [...this.lingering.take(saga), one]);
    this.pump();
  }

  /** Not when somebody watches the saga. */
  private lingerMs(saga: string, { context: { event, delivery } }: TrackedDelivery): number {
    if (this.listeners.has(saga)) return 0;
    const booked = this.parts.book.inMemory(saga);
    if (booked === undefined || !asksForNothing(booked.compiled, event, booked.state.status)) return 0;
    return this.inHand.lingerMs(delivery.queue);
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

  private take(saga: string): TakenDeliveries {
    const waiting = this.waiting.get(saga) ?? [];
    this.waiting.delete(saga);
    this.inTurn.add(saga);
    return { saga, waiting };
  }

  private async turn(taken: readonly TakenDeliveries[]): Promise<void> {
    const spans = trackSpans(taken);
    try {
      await this.work(taken);
    } catch (error) {
      spans?.failed(error);
      // The outcome of the append may be unknown: these sagas are folded anew.
      for (const { saga } of taken) this.parts.book.forget(saga);
      await this.onTrouble(taken, error);
    } finally {
      spans?.end();
    }
  }

  /** A store that is away is away for all; anything else is the fault of one saga, and must not touch those beside it. */
  private async onTrouble(taken: readonly TakenDeliveries[], error: unknown): Promise<void> {
    if (taken.length > 1 && !(error instanceof StoreUnavailableError))
      for (const alone of taken) await this.turn([alone]);
    else for (const { waiting } of taken) for (const { reject } of waiting) reject(error as Error);
  }

  private async work(taken: readonly TakenDeliveries[]): Promise<void> {
    let open = taken;
    while (open.length > 0) {
      const booked = await this.parts.book.open(open.map(({ saga }) => saga));
      const decided: DecidedTurn[] = [];
      // One time for the turn: what changes alike in many sagas is then the same write.
      const now = this.ports.world.clock.now();
      for (const { saga, waiting } of open) {
        const found = booked.get(saga);
        if (found === undefined) await this.hold(saga, waiting);
        else decided.push(...this.decideRead({ saga, waiting, booked: found }, now));
      }
      open = await this.commit(decided);
    }
  }

  /** An event without its saga is early; one whose saga cannot be folded here waits for what is missing. */
  private async hold(saga: string, waiting: readonly TrackedDelivery[]): Promise<void> {
    const isThere = (await this.ports.journal.head(sagaStream(saga))) > 0;
    const reason = `saga ${saga} cannot be folded here: its plan is not known, or its journal not readable`;
    for (const { context, resolve, reject } of waiting)
      if (isThere) resolve({ kind: 'held', reason, delayMs: UNFOLDED_WAIT_MS });
      else this.parts.early.hold(saga, context).then(resolve, reject);
  }

  /** What travelled by reference and is news is read first, beside the turns: no other saga waits for it. */
  private decideRead(turn: SagaTurn, now: number): readonly DecidedTurn[] {
    const { saga, waiting, booked } = turn;
    const isUnread = ({ context: { event } }: TrackedDelivery): boolean =>
      isClaimed(event) && isNews(booked.compiled, booked.state, event);
    if (!waiting.some(isUnread)) return [this.decideOne(turn, now)];
    for (const unread of waiting.filter(isUnread)) this.read(saga, unread);
    const ready = waiting.filter((one) => !isUnread(one));
    return ready.length === 0 ? [] : [this.decideOne({ ...turn, waiting: ready }, now)];
  }

  private read(saga: string, { context, since, resolve, reject }: TrackedDelivery): void {
    withData(context.event, this.ports.claims).then(
      (event) => this.enter(saga, { context: { ...context, event }, since, resolve, reject }),
      reject,
    );
  }

  private decideOne(turn: SagaTurn, now: number): DecidedTurn {
    return decideTurn(turn, { now, gapSince: this.parts.gaps.gapSince(turn.booked.state.partition) });
  }

  /** Appends all rows; answers the turns that lost their sequence and must decide anew. */
  private async commit(decided: readonly DecidedTurn[]): Promise<readonly SagaTurn[]> {
    const written = decided.flatMap((turn) => {
      const { row, next } = turn;
      const find: FindSequel = (message) => this.parts.beginning(message, next);
      return row === undefined ? [] : [{ turn, row, publish: publishedWithRow(next), find }];
    });
    const answers = await appendLeading(this.telling, written);
    const results = new Map(written.map(({ turn }, n) => [turn, answers[n]]));
    const stale = new Set(await this.staleOf(decided.filter(({ isDoubtful }) => isDoubtful === true)));
    const lost = decided.filter((turn) => results.get(turn)?.result === 'conflict' || stale.has(turn));
    const failed = decided.filter((turn) => results.get(turn)?.result === 'failed');
    for (const { saga } of [...lost, ...failed]) this.parts.book.forget(saga);
    const won = decided.filter((turn) => !lost.includes(turn) && !failed.includes(turn));
    const telling = won.filter(({ next }) => tellsOfWait(next));
    for (const turn of won) if (!telling.includes(turn)) this.finish(turn, results.get(turn));
    if (telling.length > 0) await this.parts.views.waitsFirst(telling.map(({ next }) => next));
    for (const turn of telling) this.finish(turn);
    if (failed.length > 0) await this.onTrouble(failed, gravest(answers));
    return lost;
  }

  /**
   * Nothing is appended for an answer that is no news, so that no sequence proves it; and whoever asked for it may be
   * another instance, by a person's command, which this one has not heard of.
   */
  private async staleOf(doubtful: readonly DecidedTurn[]): Promise<readonly DecidedTurn[]> {
    const heads = await Promise.all(doubtful.map(({ saga }) => this.ports.journal.head(sagaStream(saga))));
    return doubtful.filter(({ booked }, n) => heads[n] !== booked.state.seq);
  }

  /** Answers whoever waits for a turn whose row stands; `said`: what is still to be said, where that is not all. */
  finish({ saga, waiting, next, row }: DecidedTurn, { left, led }: Said = { left: next.unpublished }): void {
    if (row !== undefined) {
      this.parts.book.keep(next);
      this.listeners.get(saga)?.forEach((listener) => listener());
    }
    const isBehind = next.publishedSeq < next.state.seq;
    waiting.forEach(({ resolve, context, since }, n) => {
      if (context.delivery.headers.heldSince !== undefined) this.claim(context);
      if (n > 0 || !isBehind) return resolve(DONE);
      const own: Done = { kind: 'done', publish: left, published: () => this.onPublished(next, since) };
      const done = led === undefined ? own : merged([own, led.done]);
      if (done.publish.length > 0) return resolve(done);
      done.published?.();
      resolve(DONE);
    });
  }

  private claim(context: DeliveryContext): void {
    this.parts.early
      .claimed(context)
      .catch((error: unknown) =>
        this.ports.log.warn('the list of early events could not be updated', { error }),
      );
  }

  private onPublished(next: BookedSaga, since: number): void {
    const booked = this.parts.book.published(next);
    this.parts.views.changed(booked, hasEnded(booked.state.status), since);
  }
}

function leaving<T>(leave: () => void, answer: (value: T) => void): (value: T) => void {
  return (value) => {
    leave();
    answer(value);
  };
}
