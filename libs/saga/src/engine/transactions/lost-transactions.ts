import type { CloudEvent } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import type { Journal } from '@aura/kernel';
import { isOf } from '../../transaction/incarnation';
import type { Incarnation } from '../../transaction/incarnation';
import type { TransactionHead, TransactionState } from '../../transaction/transaction-state';
import { lostHead } from './transaction-chain';
import type { Meant } from './transaction-chain';
import type { TransactionDelivery } from './transaction-delivery';

/** What a store that was set back, or made anew, may have lost of transactions. */
export class LostTransactions {
  constructor(
    private readonly incarnation: Incarnation,
    private readonly journal: Pick<Journal, 'read'>,
  ) {}

  /** Whether it stood undecided when the store was set back: it may have been decided behind that. */
  isOvertaken({ status, incarnation }: TransactionState): boolean {
    return status === 'preparing' && !isOf(this.incarnation, incarnation);
  }

  /** Whether one without a journal may have had one: its saga is older than the incarnation. */
  async mayBeForgotten({ saga }: TransactionHead): Promise<boolean> {
    const { id, isFirst } = this.incarnation;
    if (isFirst) return false;
    const [started] = await this.journal.read(sagaStream(saga));
    return started === undefined || started.at < Date.parse(id);
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
