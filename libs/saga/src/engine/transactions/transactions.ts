import type { CloudEvent } from '@aura/contracts';
import { err, ok, StoreUnavailableError, transactionId } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { DONE } from '@aura/messaging';
import type { DeliveryContext, Outcome } from '@aura/messaging';
import { decideTransaction } from '../../transaction/decide-transaction';
import { transactionMessages } from '../../transaction/transaction-messages';
import type { TransactionInput } from '../../transaction/transaction-input';
import { transactionRow } from '../../transaction/transaction-row';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import type { TurnClock } from '../../machine/turn';
import type { PlanSource } from '../book';
import type { PartitionGaps } from '../gaps';
import type { CoordinatorPorts } from '../ports';
import type { BookedTransaction, TransactionBook } from './transaction-book';
import { TransactionChain } from './transaction-chain';
import type { Meant } from './transaction-chain';
import { transactionDelivery } from './transaction-delivery';
import type { TransactionDelivery } from './transaction-delivery';
import { transactionReplies } from './transaction-replies';
import type { TransactionViewWriter } from './transaction-view-writer';

/** What transactions work with. */
export interface TransactionParts {
  readonly book: TransactionBook;
  readonly views: TransactionViewWriter;
  readonly plans: PlanSource;
  readonly gaps: Pick<PartitionGaps, 'gapSince'>;
}

/** Wait before an event whose plan is not known here is looked at again, ms. */
const UNKNOWN_PLAN_WAIT_MS = 5000;

/**
 * The coordinator's part in two-phase commit. Takes what participants and sagas say about transactions, one thing of a step
 * after the other, appends one row, and then says what follows. The journal's sequence decides between instances: of two
 * decisions one stands, and everybody answers that.
 */
export class Transactions {
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly chain: TransactionChain;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: TransactionParts,
  ) {
    this.chain = new TransactionChain(parts.book);
  }

  /** Handles a delivery of a tracker queue that is about a transaction. */
  track(context: DeliveryContext): Promise<Outcome> {
    const { correlationid, aurarun, aurastep } = context.event;
    const chain = [correlationid, aurarun, aurastep].join('/');
    const before = this.queues.get(chain) ?? Promise.resolve();
    const handled = before.then(() => this.handle(context.event));
    const quiet: Promise<void> = handled.then(ignore, ignore).then(() => this.forgetQueue(chain, quiet));
    this.queues.set(chain, quiet);
    return handled;
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
    const next = await this.take(booked.state, input);
    if (next === undefined) return err('unknown');
    await this.publish(next);
    return ok(next.state);
  }

  /** Publishes what a transaction's rows say and nobody may have published, and writes its view. */
  async recover(id: string): Promise<boolean> {
    const booked = await this.parts.book.open(id);
    if (booked === undefined) return false;
    const isOpen = booked.publishedSeq < booked.state.seq;
    if (isOpen) await this.publishLeftOver(booked);
    else this.parts.views.changed(booked);
    return isOpen;
  }

  /** What the bus refuses of one transaction must not keep the others waiting: its next timer tries again. */
  private async publishLeftOver(booked: BookedTransaction): Promise<void> {
    try {
      await this.publish(booked);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      this.ports.log.warn(`what transaction ${booked.state.transaction} has to say was refused`, { error });
      this.parts.views.changed(booked);
    }
  }

  private async publish(booked: BookedTransaction): Promise<void> {
    if (booked.unpublished.length > 0) await this.ports.bus.publish(booked.unpublished);
    this.parts.views.changed(this.parts.book.published(booked));
  }

  private forgetQueue(chain: string, last: Promise<unknown>): void {
    if (this.queues.get(chain) === last) this.queues.delete(chain);
  }

  private async handle(event: CloudEvent): Promise<Outcome> {
    const delivery = transactionDelivery(event);
    if (delivery === undefined) return { kind: 'dropped', reason: `nothing is done with ${event.type}` };
    const compiled = await this.parts.plans.plan(event.auraplan ?? '');
    if (compiled === undefined)
      return {
        kind: 'held',
        reason: `plan ${String(event.auraplan)} is not known here yet`,
        delayMs: UNKNOWN_PLAN_WAIT_MS,
      };
    const meant = await this.chain.meant({ delivery, event, compiled });
    if (meant === undefined) return DONE;
    return this.outcome(await this.taken(meant), delivery, event);
  }

  /** What a delivery came to. A fence whose transaction was followed by another one meanwhile is for that one. */
  private async taken({ head, input }: Meant): Promise<BookedTransaction | undefined> {
    if (input === undefined) return this.parts.book.open(head.transaction);
    const booked = await this.take(head, input);
    if (input.kind !== 'fence' || booked?.state.isFollowed !== true) return booked;
    const n = head.n + 1;
    return this.taken({ head: { ...head, n, transaction: transactionId(head, n) }, input });
  }

  /** Takes an input: at most one row, in the place where nobody else has put one. */
  private async take(own: TransactionHead, input: TransactionInput): Promise<BookedTransaction | undefined> {
    const { book } = this.parts;
    for (;;) {
      const booked = await book.open(own.transaction);
      const clock = this.clock(own);
      const { now } = clock;
      const { entries, state } = decideTransaction({ before: booked?.state, head: own, ...clock }, [input]);
      if (state === undefined) return undefined;
      const isPlaced =
        entries.length === 0
          ? booked !== undefined && (await book.isNewest(booked))
          : await this.append(state, entries, now);
      if (isPlaced) return entries.length === 0 ? booked : this.kept(booked, state, { entries, at: now });
      book.forget(own.transaction);
    }
  }

  private clock({ partition }: TransactionHead): TurnClock {
    return { now: this.ports.world.clock.now(), gapSince: this.parts.gaps.gapSince(partition) };
  }

  private kept(
    booked: BookedTransaction | undefined,
    state: TransactionState,
    row: Parameters<typeof transactionMessages>[1],
  ): BookedTransaction {
    const { book, views } = this.parts;
    const { publishedSeq = 0, unpublished = [] } = booked ?? {};
    const next = {
      state,
      publishedSeq,
      unpublished: [...unpublished, ...transactionMessages(state, row)],
    };
    book.keep(next);
    views.changed(next);
    return next;
  }

  /** After an append whose outcome is unknown the transaction is folded anew. */
  private async append(
    state: TransactionState,
    entries: Parameters<typeof transactionRow>[1],
    now: number,
  ): Promise<boolean> {
    try {
      const [result] = await this.ports.journal.append([transactionRow(state, entries, now)]);
      return result === 'appended';
    } catch (error) {
      this.parts.book.forget(state.transaction);
      throw error;
    }
  }

  private outcome(
    booked: BookedTransaction | undefined,
    delivery: TransactionDelivery,
    event: CloudEvent,
  ): Outcome {
    if (booked === undefined) return DONE;
    const again = transactionReplies(booked, delivery, event, this.clock(booked.state));
    return {
      kind: 'done',
      publish: [...booked.unpublished, ...again],
      published: () => {
        if (booked.publishedSeq < booked.state.seq)
          this.parts.views.changed(this.parts.book.published(booked));
      },
    };
  }
}

/** Who waits behind a delivery waits for its end, not for its outcome: that is its own. */
function ignore(): void {
  return undefined;
}
