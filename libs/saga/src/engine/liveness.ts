import type { ViewStore } from '@aura/kernel';
import type { DefinitionField } from './definition-record';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rebuild } from './rebuild';
import { Reconciler } from './reconciler';
import type { Recovery } from './recovery';
import { Standings } from './standings';
import type { StandingSources } from './standings';
import type { TransactionDesk } from './transactions/transaction-desk';
import type { TransactionViewField } from './transactions/transaction-view';
import { ViewPatrol } from './view-patrol';
import type { WaitField } from './wait-views';

/**
 * Who keeps the liveness rule: who finds what waits, who makes views again, who looks round for what has waited too long,
 * and who for what has lost its view.
 */
export interface Liveness {
  readonly standings: Standings;
  readonly rebuild: Rebuild;
  readonly reconciler: Reconciler;
  readonly patrol: ViewPatrol;
}

/** What liveness is kept over. */
export interface LivenessParts extends Omit<StandingSources, 'board'> {
  readonly definitionViews: ViewStore<DefinitionField>;
  readonly waits: ViewStore<WaitField>;
  readonly transactions: ViewStore<TransactionViewField>;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
  /** Publishes what sagas' rows say, and writes their views. */
  readonly recovery: Pick<Recovery, 'openSaga'>;
  /** The same for transactions. */
  readonly desk: Pick<TransactionDesk, 'board' | 'book' | 'recover'>;
}

/** Puts together who keeps the liveness rule. */
export function livenessOf(
  ports: CoordinatorPorts,
  options: CoordinatorOptions,
  parts: LivenessParts,
): Liveness {
  const { sagas, definitionViews: definitions, transactions, book, waits, owned, desk, recovery } = parts;
  const standings = new Standings({ ...parts, board: desk.board });
  const transactionBook = desk.book;
  const views = { sagas, definitions, waits, transactions };
  const rebuild = new Rebuild(ports, options, { ...views, book, transactionBook });
  const onSaga = (saga: string): void => recovery.openSaga(saga);
  const onTransaction = (transaction: string): Promise<unknown> => desk.recover(transaction);
  const reconciler = new Reconciler(ports, options, { ...parts, standings, rebuild, onSaga, onTransaction });
  const patrol = new ViewPatrol(ports, options, {
    sagas: { views: sagas, onMissing: onSaga, onUntold: afresh(book, onSaga) },
    transactions: {
      views: transactions,
      onMissing: onTransaction,
      onUntold: afresh(transactionBook, onTransaction),
    },
    owned,
  });
  return { standings, rebuild, reconciler, patrol };
}

/** What is in memory may lack what another instance appended. */
function afresh<T>(
  book: { readonly forget: (id: string) => void },
  recover: (id: string) => T,
): (id: string) => T {
  return (id) => {
    book.forget(id);
    return recover(id);
  };
}
