import { transactionBeginRequested } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { err, ok, StoreUnavailableError, transactionId } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { DONE, merged } from '@aura/messaging';
import type { DeliveryContext, Done, OutboundMessage, Outcome } from '@aura/messaging';
import { decideTransaction } from '../../transaction/decide-transaction';
import type { TransactionInput } from '../../transaction/transaction-input';
import type { Incarnation } from '../../transaction/incarnation';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import type { PlanSource, SagaBook } from '../book';
import type { BookedSaga } from '../booked-saga';
import type { PartitionGaps } from '../gaps';
import { isForOwn } from '../hand-over';
import type { CoordinatorOptions, CoordinatorPorts } from '../ports';
import type { FindSequel, Sequel } from '../sequel';
import type { BookedTransaction, TransactionBook } from './transaction-book';
import { LostTransactions } from './lost-transactions';
import { TransactionChain } from './transaction-chain';
import type { Meant, ReadDelivery } from './transaction-chain';
import { transactionDelivery } from './transaction-delivery';
import { transactionReplies } from './transaction-replies';
import { TransactionRows } from './transaction-rows';
import type { Taken } from './transaction-rows';
import { TransactionTurns } from './transaction-turns';
import type { TransactionViewWriter } from './transaction-view-writer';
import { groupsOf, isAlike, toldBy } from './waiting-delivery';
import type { WaitingDelivery } from './waiting-delivery';

/** What transactions work with. */
export interface TransactionParts {
  readonly book: TransactionBook;
  readonly views: TransactionViewWriter;
  readonly plans: PlanSource;
  /** The sagas that this instance has in hand. */
  readonly sagaBook: Pick<SagaBook, 'inMemory'>;
  readonly gaps: Pick<PartitionGaps, 'gapSince'>;
  /** Of the store. */
  readonly incarnation: Incarnation;
  /** Of what a transaction tells its saga. */
  readonly sequel: FindSequel;
}

/** What says nothing to the world, as long as it is not the last of its kind. */
const LEADS_NOWHERE: ReadonlySet<string> = new Set(['voted', 'acknowledged']);
/** Wait before an event whose plan is not known here is looked at again, ms. */
const UNKNOWN_PLAN_WAIT_MS = 5000;

/**
 * The coordinator's part in two-phase commit. Takes what participants and sagas say about transactions, one turn of a step
 * after the other, appends one row, and then says what follows. The journal's sequence decides between instances: of two
 * decisions one stands, and everybody answers that.
 */
export class Transactions {
  private readonly chain: TransactionChain;
  private readonly lost: LostTransactions;
  private readonly turns: TransactionTurns<WaitingDelivery>;
  private readonly rows: TransactionRows;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: TransactionParts,
    { prefetch }: Pick<CoordinatorOptions, 'prefetch'>,
  ) {
    this.chain = new TransactionChain(parts.book);
    this.lost = new LostTransactions(parts.incarnation, { ...parts, journal: ports.journal });
    this.rows = new TransactionRows(ports, { ...parts, lost: this.lost });
    const work = {
      mayLinger: (item: WaitingDelivery, before: readonly WaitingDelivery[]) => this.mayLinger(item, before),
      turn: (items: readonly WaitingDelivery[]) => this.turn(items),
    };
    this.turns = new TransactionTurns(ports.world, work, prefetch / 4);
  }

  /** Handles a delivery of a tracker queue that is about a transaction. */
  async track({ event }: Pick<DeliveryContext, 'event'>): Promise<Outcome> {
    const delivery = transactionDelivery(event);
    if (delivery === undefined) return { kind: 'dropped', reason: `nothing is done with ${event.type}` };
    const { correlationid, aurarun, aurastep } = event;
    const step = [correlationid, aurarun, aurastep].join('/');
    return new Promise((resolve, reject) => this.turns.enter(step, { event, delivery, resolve, reject }));
  }

  /** The transaction that a message asks for, where that is new and lives in one of these partitions. */
  beginning(
    message: OutboundMessage,
    { compiled, state }: BookedSaga,
    owned: () => readonly number[],
  ): Sequel | undefined {
    const { event } = message;
    if (event.type !== transactionBeginRequested.type || !isForOwn(message, owned())) return undefined;
    const delivery = transactionDelivery(event);
    if (delivery?.kind !== 'begin' || this.lost.isOlder(state.startedAt)) return undefined;
    const meant = this.chain.first(delivery, { event, compiled });
    return meant?.input && this.rows.first(meant.head, meant.input);
  }

  /** Takes what a person wants; `problem` says why nothing may come of it, asked of the newest state. */
  async intervene(
    id: string,
    input: TransactionInput,
    problem: (state: TransactionState) => string | undefined,
  ): Promise<Result<TransactionState, 'unknown' | { readonly problem: string }>> {
    this.parts.book.forget(id);
    const booked = await this.parts.book.open(id);
    if (booked === undefined) return err('unknown');
    const found = problem(booked.state);
    if (found !== undefined) return err({ problem: found });
    const next = await this.take(booked.state, [input]);
    if (next === undefined) return err('unknown');
    await this.publish(next);
    return ok(next.booked.state);
  }

  /** Publishes what a transaction's rows say and nobody may have published, and writes its view. */
  async recover(id: string): Promise<boolean> {
    const opened = await this.parts.book.open(id);
    const isOvertaken = opened !== undefined && this.lost.isOvertaken(opened.state);
    const taken = isOvertaken ? await this.take(opened.state, []) : takenAs(opened);
    if (taken === undefined) return false;
    const { booked } = taken;
    const isOpen = booked.publishedSeq < booked.state.seq;
    if (isOpen) await this.publishLeftOver(taken);
    else this.parts.views.changed(booked);
    return isOpen;
  }

  /** What the bus refuses of one transaction must not keep the others waiting: its next timer tries again. */
  private async publishLeftOver(taken: Taken): Promise<void> {
    try {
      await this.publish(taken);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      const { transaction, partition } = taken.booked.state;
      this.ports.log.warn(`what transaction ${transaction} has to say was refused`, { error, partition });
      this.parts.views.changed(taken.booked);
    }
  }

  private async publish(taken: Taken): Promise<void> {
    const { publish, published } = this.rows.said(taken);
    if (publish.length > 0) await this.ports.bus.publish(publish);
    published?.();
  }

  /** Whether nothing follows from what would stand: others can still be waited for, and nobody waits for an answer. */
  private mayLinger(item: WaitingDelivery, before: readonly WaitingDelivery[]): boolean {
    const told = toldBy(item);
    const booked = told && this.parts.book.inMemory(told.transaction);
    if (told === undefined || booked === undefined) return false;
    const { state } = booked;
    if (item.event.auraplan !== state.digest) return false;
    const inputs = before.filter((one) => isAlike(one, item)).flatMap((one) => toldBy(one)?.input ?? []);
    const { incarnation } = this.parts;
    const opening = { before: state, head: state, incarnation, ...this.rows.clock(state) };
    const { entries } = decideTransaction(opening, [...inputs, told.input]);
    return entries.length > 0 && entries.every(({ entry }) => LEADS_NOWHERE.has(entry.kind));
  }

  /** What lingered shares a row with what came next where both are about one transaction. */
  private async turn(items: readonly WaitingDelivery[]): Promise<void> {
    for (const group of groupsOf(items)) {
      const [first] = group;
      try {
        const outcomes = await this.handle(first, group);
        group.forEach(({ resolve }, n) => resolve(outcomes[n] ?? DONE));
      } catch (error) {
        for (const { reject } of group) reject(error as Error);
      }
    }
  }

  /** The outcome of each delivery of a group. */
  private async handle(
    first: WaitingDelivery,
    group: readonly WaitingDelivery[],
  ): Promise<readonly Outcome[]> {
    const { event, delivery } = first;
    const compiled = await this.parts.plans.plan(event.auraplan ?? '');
    if (compiled === undefined) return this.handleWithoutPlan(first, group);
    const read = { delivery, event, compiled };
    const meant = await this.chain.meant(read);
    if (meant === undefined) return group.map(() => DONE);
    return this.outcomes(await this.takenOf(meant, read, group), group);
  }

  /** Who names a transaction needs no plan where that is known, or may have been lost together with its plan. */
  private async handleWithoutPlan(
    { event, delivery }: WaitingDelivery,
    group: readonly WaitingDelivery[],
  ): Promise<readonly Outcome[]> {
    const meant = (await this.chain.known(delivery)) ?? this.lost.asked(delivery, event);
    if (meant === undefined) return group.map(() => unknownPlan(event));
    return this.outcomes(await this.taken(meant, furtherOf(group)), group);
  }

  private outcomes(taken: Taken | undefined, group: readonly WaitingDelivery[]): readonly Outcome[] {
    return group.map((one, n) => (taken === undefined ? DONE : this.outcome(taken, one, n === 0)));
  }

  private async takenOf(
    meant: Meant,
    read: ReadDelivery,
    group: readonly WaitingDelivery[],
  ): Promise<Taken | undefined> {
    if (meant.isPresumedNew !== true || meant.input === undefined) return this.taken(meant, furtherOf(group));
    const placed = await this.rows.place(meant.head, undefined, [meant.input]);
    if (placed !== 'lost') return placed;
    const looked = await this.chain.meant({ ...read, isLooked: true });
    return looked && this.taken(looked, []);
  }

  /** What a delivery came to. A fence whose transaction was followed by another one meanwhile is for that one. */
  private async taken(
    { head, input }: Meant,
    further: readonly TransactionInput[],
  ): Promise<Taken | undefined> {
    if (input === undefined) return takenAs(await this.parts.book.open(head.transaction));
    const taken = await this.take(head, [input, ...further]);
    if (input.kind !== 'fence' || taken?.booked.state.isFollowed !== true) return taken;
    const n = head.n + 1;
    return this.taken({ head: { ...head, n, transaction: transactionId(head, n) }, input }, []);
  }

  /** Takes inputs: at most one row, in the place where nobody else has put one. */
  private async take(own: TransactionHead, inputs: readonly TransactionInput[]): Promise<Taken | undefined> {
    const { book } = this.parts;
    for (;;) {
      const placed = await this.rows.place(own, await book.open(own.transaction), inputs);
      if (placed !== 'lost') return placed;
      book.forget(own.transaction);
    }
  }

  /** The first of a turn says what its row says, and what that led to; every asking is answered. */
  private outcome(taken: Taken, { delivery, event }: WaitingDelivery, isFirst: boolean): Outcome {
    const { booked, led } = taken;
    const isHeard = led !== undefined && delivery.kind !== 'named';
    const again = isHeard ? [] : transactionReplies(booked, delivery, event, this.rows.clock(booked.state));
    const answers: Done = { kind: 'done', publish: again };
    return isFirst ? merged([this.rows.said(taken), answers]) : answers;
  }
}

function takenAs(booked: BookedTransaction | undefined): Taken | undefined {
  return booked && { booked, led: undefined };
}

/** What those behind the first of a group say. */
function furtherOf(group: readonly WaitingDelivery[]): readonly TransactionInput[] {
  return group.slice(1).flatMap((one) => toldBy(one)?.input ?? []);
}

function unknownPlan({ auraplan }: CloudEvent): Outcome {
  const reason = `plan ${String(auraplan)} is not known here yet`;
  return { kind: 'held', reason, delayMs: UNKNOWN_PLAN_WAIT_MS };
}
