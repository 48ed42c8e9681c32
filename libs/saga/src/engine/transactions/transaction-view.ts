import type { ViewDefinition, ViewRecord } from '@aura/kernel';
import { NO_GAP } from '../../machine/gap-since';
import type { TransactionState } from '../../transaction/transaction-state';
import { transactionDueAt } from '../../transaction/transaction-timers';

/** Fields of a transaction's view. Times in ms since 1970; `dueAt` is null when no timer runs; no lost time is in it. */
export type TransactionViewField =
  'saga' | 'status' | 'partition' | 'startedAt' | 'dueAt' | 'seq' | 'publishedSeq';

/** The collection of transaction views: the in-doubt board, and where due timers are found. */
export const TRANSACTION_VIEWS: ViewDefinition<TransactionViewField> = {
  name: 'transactions',
  fields: {
    saga: 'text',
    status: 'text',
    partition: 'integer',
    startedAt: 'integer',
    dueAt: 'integer',
    seq: 'integer',
    publishedSeq: 'integer',
  },
  indexes: [['partition', 'dueAt'], ['status', 'startedAt'], ['saga', 'startedAt'], ['startedAt']],
};

/** Status in the view of one that a person has forgotten. */
export const FORGOTTEN = 'forgotten';

/** More than any transaction has rows. */
const BEYOND_ROWS = 1_000_000;

/** The view of a transaction: a function of its fold and of what was published. */
export function transactionView(
  state: TransactionState,
  publishedSeq: number,
): ViewRecord<TransactionViewField> {
  return {
    id: state.transaction,
    version: state.seq * BEYOND_ROWS + publishedSeq,
    fields: {
      saga: state.saga,
      status: state.forgotten === undefined ? state.status : FORGOTTEN,
      partition: state.partition,
      startedAt: state.startedAt,
      dueAt: transactionDueAt(state, NO_GAP) ?? null,
      seq: state.seq,
      publishedSeq,
    },
    body: '{}',
  };
}
