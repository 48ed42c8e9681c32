import type { CloudEvent } from '@aura/contracts';
import { transactionId, transactionKey } from '@aura/kernel';
import type { StepKey } from '@aura/kernel';
import type { CompiledPlan, Plan } from '@aura/workflow';
import type { TransactionInput } from '../../transaction/transaction-input';
import { decisionOf, isBegun } from '../../transaction/transaction-state';
import type {
  TransactionHead,
  TransactionState,
  TransactionTerms,
} from '../../transaction/transaction-state';
import type { TransactionBook } from './transaction-book';
import type { TransactionDelivery } from './transaction-delivery';
import { present } from '../../machine/present';

/** What a delivery is for: the transaction, and who it is when it has no journal yet. */
export interface Meant {
  readonly head: TransactionHead;
  /** Absent: it is no news, and is answered as it stands. */
  readonly input?: TransactionInput;
  /** Nobody has looked whether it has a journal: it is asked for the first time, and the journal's first place tells. */
  readonly isPresumedNew?: true;
}

/** A delivery as it was read, and the plan of its saga. */
export interface ReadDelivery {
  readonly delivery: TransactionDelivery;
  readonly event: CloudEvent;
  readonly compiled: CompiledPlan;
  /** Something stood where nothing was presumed: the journals are to be looked at. */
  readonly isLooked?: true;
}

/** The transactions of one step, one after the other: each begins only where the one before is aborted. */
export class TransactionChain {
  constructor(private readonly book: TransactionBook) {}

  /** Which transaction a delivery is for; undefined: nobody waits for it. */
  async meant(read: ReadDelivery): Promise<Meant | undefined> {
    const { delivery, event } = read;
    const place = placeOf(delivery, event);
    if (place === undefined) return undefined;
    switch (delivery.kind) {
      case 'named':
        return { head: headOf(place.key, place.n, read), input: delivery.input };
      case 'fence': {
        const { mode, error } = delivery;
        const input = { kind: 'fence', mode, error, epoch: event.auraepoch ?? 1 } as const;
        return { head: headOf(place.key, await this.fenced(place.key), read), input };
      }
      case 'begin':
        return this.beginning(delivery.branches, place, read);
    }
  }

  /** The transaction of a step that asks for it for the first time; undefined where something may stand of it. */
  first(
    { transaction, branches }: Extract<TransactionDelivery, { readonly kind: 'begin' }>,
    { event, compiled }: Pick<ReadDelivery, 'event' | 'compiled'>,
  ): Meant | undefined {
    const place = transactionKey(transaction);
    if (place === undefined || !this.isFirst(place, event)) return undefined;
    return this.begun(branches, place, { event, compiled, epoch: 1 });
  }

  /** A transaction that is named, where it has a journal: that says all that its plan would. */
  async known(delivery: TransactionDelivery): Promise<Meant | undefined> {
    if (delivery.kind !== 'named') return undefined;
    const booked = await this.book.open(delivery.transaction);
    return booked && { head: booked.state, input: delivery.input };
  }

  /** The number of the transaction that a fence is for: the newest, or the one that is to follow it. */
  private async fenced(key: StepKey): Promise<number> {
    const last = await this.last(key);
    if (last === undefined) return 1;
    return last.isFollowed === true ? last.n + 1 : last.n;
  }

  /** Invariant: a step's next transaction begins only where `aborted` stands for the one before. */
  private async beginning(
    branches: Extract<TransactionInput, { readonly kind: 'begin' }>['branches'],
    { key, n }: { readonly key: StepKey; readonly n: number },
    read: ReadDelivery,
  ): Promise<Meant | undefined> {
    const epoch = read.event.auraepoch ?? 1;
    if (read.isLooked !== true && this.isFirst({ key, n }, read.event)) {
      const first = this.begun(branches, { key, n }, { ...read, epoch });
      return first && { ...first, isPresumedNew: true };
    }
    const last = await this.last(key);
    if (last !== undefined) return this.following(last, branches, { n, epoch, read });
    return n > 1 ? undefined : this.begun(branches, { key, n: 1 }, { ...read, epoch });
  }

  private following(
    last: TransactionState,
    branches: Extract<TransactionInput, { readonly kind: 'begin' }>['branches'],
    { n, epoch, read }: { readonly n: number; readonly epoch: number; readonly read: ReadDelivery },
  ): Meant | undefined {
    const { saga, run, step } = last;
    const key = { saga, run, step };
    // Branches had asked for it before it was begun.
    if (!isBegun(last) && decisionOf(last) !== 'aborted')
      return this.begun(branches, { key, n: last.n }, { ...read, epoch });
    if (!mayFollow(last, { n, epoch })) return { head: headOf(key, last.n, read) };
    const terms = followedTerms(last);
    return this.begun(branches, { key, n: last.n + 1 }, { ...read, epoch, ...(terms && { terms }) });
  }

  /** Whether it is a step's first one, asked for the first time, as far as is known without looking. */
  private isFirst(
    { key, n }: { readonly key: StepKey; readonly n: number },
    { auraepoch = 1 }: CloudEvent,
  ): boolean {
    return n === 1 && auraepoch === 1 && this.book.inMemory(transactionId(key, 1)) === undefined;
  }

  private begun(
    branches: Extract<TransactionInput, { readonly kind: 'begin' }>['branches'],
    { key, n: number }: { readonly key: StepKey; readonly n: number },
    read: Pick<ReadDelivery, 'event' | 'compiled'> & {
      readonly epoch: number;
      readonly terms?: TransactionTerms;
    },
  ): Meant | undefined {
    const { epoch, terms = termsOf(read.compiled, key.step, number) } = read;
    if (terms === undefined) return undefined;
    return { head: headOf(key, number, read), input: { kind: 'begin', epoch, terms, branches } };
  }

  /** The step's newest transaction, also where another instance had the partition meanwhile. */
  private async last(key: StepKey): Promise<TransactionState | undefined> {
    let last: TransactionState | undefined;
    for (let n = 1; ; n++) {
      const next = await this.book.newest(transactionId(key, n));
      if (next === undefined) return last;
      last = next.state;
      // Whatever is not aborted has nothing behind it.
      if (decisionOf(last) !== 'aborted') return last;
    }
  }
}

function followedTerms({ isFollowed, terms }: TransactionState): TransactionTerms | undefined {
  return isFollowed === true ? terms : undefined;
}

/** Whether the step's next transaction may begin: the chain goes on by itself, or a person had the step tried again. */
function mayFollow(
  last: TransactionState,
  { n, epoch }: { readonly n: number; readonly epoch: number },
): boolean {
  if (decisionOf(last) !== 'aborted' || last.fence !== undefined) return false;
  return last.isFollowed === true ? n === last.n + 1 : epoch > last.epoch;
}

function termsOf({ nodes }: CompiledPlan, step: string, n: number): TransactionTerms | undefined {
  const node = nodes.get(step);
  if (node?.builtIn?.type !== 'transaction') return undefined;
  const { prepareMs } = node.builtIn;
  return { prepareMs, lastN: n - 1 + node.retry.maxEpochs, emits: node.emits };
}

function placeOf(
  delivery: TransactionDelivery,
  { correlationid: saga, aurarun: run = 1, aurastep: step }: CloudEvent,
): { readonly key: StepKey; readonly n: number } | undefined {
  if (delivery.kind !== 'fence') return transactionKey(delivery.transaction);
  return saga === undefined || step === undefined ? undefined : { key: { saga, run, step }, n: 1 };
}

/** Name of the definition where its plan is not known, because it was lost with the store. */
const LOST_DEFINITION = 'unknown';

/**
 * The transaction that a branch asks for, and that may have been lost together with the plan of its saga; undefined when it
 * is no id of a transaction.
 */
export function lostHead(transaction: string, event: CloudEvent): TransactionHead | undefined {
  const place = transactionKey(transaction);
  const plan = { digest: event.auraplan ?? '', definition: LOST_DEFINITION };
  return place && headOf(place.key, place.n, { event, compiled: { plan } });
}

function headOf(
  key: StepKey,
  n: number,
  {
    event,
    compiled,
  }: {
    readonly event: CloudEvent;
    readonly compiled: { readonly plan: Pick<Plan, 'digest' | 'definition'> };
  },
): TransactionHead {
  const { digest, definition } = compiled.plan;
  return {
    ...key,
    n,
    transaction: transactionId(key, n),
    digest,
    definition,
    partition: event.aurapartition ?? 0,
    epoch: event.auraepoch ?? 1,
    ...present({ userId: event.subject, traceparent: event.traceparent }),
  };
}
