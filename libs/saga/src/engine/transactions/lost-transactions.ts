import type { CloudEvent } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import type { SagaBook } from '../book';
import { isOf } from '../../transaction/incarnation';
import type { Incarnation } from '../../transaction/incarnation';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import { lostHead } from './transaction-chain';
import type { Meant } from './transaction-chain';
import type { TransactionDelivery } from './transaction-delivery';

/** Where it is looked up how old a saga is. */
export interface SagaAges {
  readonly journal: Pick<Journal, 'read'>;
  readonly sagaBook: Pick<SagaBook, 'inMemory'>;
}

/** What a store that was set back, or made anew, may have lost of transactions. */
export class LostTransactions {
  constructor(
    private readonly incarnation: Incarnation,
    private readonly ages: SagaAges,
  ) {}

  /** Whether it stood undecided when the store was set back: it may have been decided behind that. */
  isOvertaken({ status, incarnation }: TransactionState): boolean {
    return status === 'preparing' && !isOf(this.incarnation, incarnation);
  }

  /** Whether one without a journal may have had one: its saga is older than the incarnation. */
  async mayBeForgotten({ saga }: TransactionHead): Promise<boolean> {
    if (this.incarnation.isFirst) return false;
    const startedAt = await this.startedAt(saga);
    return startedAt === undefined || this.isOlder(startedAt);
  }

  /** Whether a saga that was started then, ms since 1970, is older than the incarnation. */
  isOlder(startedAt: number): boolean {
    const { id, isFirst } = this.incarnation;
    return !isFirst && startedAt < Date.parse(id);
  }

  /** Whose step was just reached is in hand, as a rule: its journal may be long, and is read only where it is not. */
  private async startedAt(saga: string): Promise<number | undefined> {
    const inHand = this.ages.sagaBook.inMemory(saga);
    if (inHand !== undefined) return inHand.state.startedAt;
    return (await this.ages.journal.read(sagaStream(saga))).at(0)?.at;
  }

  /** What a branch asks for that another incarnation began; the plan of its saga may be lost, too, and is not needed. */
  asked(delivery: TransactionDelivery, event: CloudEvent): Meant | undefined {
    if (delivery.kind !== 'named' || delivery.input.kind !== 'ask') return undefined;
    const { transaction, input } = delivery;
    if (isOf(this.incarnation, input.incarnation)) return undefined;
    const head = lostHead(transaction, event);
    return head && { head, input };
  }
}
