import type { Standing, TransactionDetail, TransactionSummary } from '@aura/contracts';
import { err, ok } from '@aura/kernel';
import type { FieldCondition, Log, Result, ViewRecord, ViewStore, World } from '@aura/kernel';
import { VainTries } from '@aura/messaging';
import type {
  DecideRequest,
  ForgetRequest,
  TransactionQueryRequest,
  TransactionRefusal,
} from '../../coordinator';
import { decideProblem, forgetProblem } from '../../transaction/by-hand-problems';
import { transactionDetailOf, transactionSummaryOf } from '../../transaction/transaction-detail';
import type { TransactionInput } from '../../transaction/transaction-input';
import { transactionStanding } from '../../transaction/transaction-standing';
import type { TransactionState } from '../../transaction/transaction-state';
import type { TurnClock } from '../../machine/turn';
import type { PartitionGaps } from '../gaps';
import { servedAlone } from '../served-alone';
import type { TransactionBook } from './transaction-book';
import type { TransactionViewField } from './transaction-view';
import type { Transactions } from './transactions';

/** What the board shows and does. */
export interface BoardParts {
  readonly book: TransactionBook;
  readonly views: ViewStore<TransactionViewField>;
  readonly transactions: Transactions;
  readonly world: World;
  readonly log: Log;
  readonly gaps: Pick<PartitionGaps, 'gapSince'>;
}

/** Transactions of one answer. */
const MOST_SHOWN = 200;
/** What has not ended, and what a person should look at. */
const OPEN = ['preparing', 'unknown', 'committing', 'aborting', 'undoing', 'undo_failed'];
/** Nothing is due of them: a person acts. */
const WAITING_FOR_A_PERSON = ['unknown', 'undo_failed'];
const ENDED = ['committed', 'aborted', 'undone'];

/** The in-doubt board: what transactions wait for, at any instance; and what people do about them, by the journal's sequence. */
export class TransactionBoard {
  private readonly unreadable: VainTries;

  constructor(private readonly parts: BoardParts) {
    this.unreadable = new VainTries(parts.world);
  }

  /** Transactions by their views, which may be a second behind; newest first. Left out: whose journal cannot be folded. */
  async list({ which, sagaId }: TransactionQueryRequest): Promise<readonly TransactionSummary[]> {
    const status = which === 'open' ? OPEN : [...OPEN, ...ENDED];
    const ofSaga = { field: 'saga', op: 'eq', value: sagaId ?? '' } as const;
    const views = await this.parts.views.find({
      where: [{ field: 'status', op: 'in', value: status }, ...(sagaId === undefined ? [] : [ofSaga])],
      orderBy: { field: 'startedAt', direction: 'desc' },
      limit: MOST_SHOWN,
    });
    const states = await Promise.all(views.map((view) => this.alone(view, () => this.newest(view.id))));
    const now = this.parts.world.clock.now();
    // A view may be behind: what has moved on since is shown, or not, as it stands now.
    const shown = states.flatMap((state) => (state === undefined ? [] : [transactionSummaryOf(state, now)]));
    return shown.filter((one) => status.includes(one.status));
  }

  /** A transaction by its journal; undefined when there is none. */
  async show(transaction: string): Promise<TransactionDetail | undefined> {
    const state = await this.newest(transaction);
    return state && transactionDetailOf(state, this.clock(state));
  }

  /** What a transaction waits for; undefined when there is none, or it has ended. */
  async standing(transaction: string): Promise<Standing | undefined> {
    const state = await this.newest(transaction);
    return state && transactionStanding(state, this.clock(state).gapSince);
  }

  /** What transactions wait for that had something to be done before a time, ms since 1970; of all partitions when none are named. */
  async dueBefore(ms: number, partitions?: readonly number[]): Promise<readonly Standing[]> {
    const own: readonly FieldCondition<TransactionViewField>[] =
      partitions === undefined ? [] : [{ field: 'partition', op: 'in', value: partitions }];
    const page = (condition: FieldCondition<TransactionViewField>) =>
      this.parts.views.find({
        where: [...own, condition],
        orderBy: { field: 'startedAt', direction: 'asc' },
        limit: MOST_SHOWN,
      });
    const found = await Promise.all([
      page({ field: 'dueAt', op: 'lt', value: ms }),
      page({ field: 'status', op: 'in', value: WAITING_FOR_A_PERSON }),
    ]);
    const standings = await Promise.all(
      found.flat().map((view) => this.alone(view, () => this.standing(view.id))),
    );
    return standings.flatMap((standing) => standing ?? []);
  }

  /** Aborts what is undecided, decides what is unknown, or answers for branches that do not. */
  decide({
    transaction,
    decision,
    actor,
    note,
  }: DecideRequest): Promise<Result<TransactionDetail, TransactionRefusal>> {
    const input = { kind: 'decide', decision, actor, note } as const;
    return this.intervene(transaction, input, (state) => decideProblem(state, decision));
  }

  /** Takes what has ended off the board. */
  forget({ transaction, actor }: ForgetRequest): Promise<Result<TransactionDetail, TransactionRefusal>> {
    return this.intervene(transaction, { kind: 'forget', actor }, forgetProblem);
  }

  /** One that cannot be read keeps nobody from the others. */
  private alone<T>(
    { id, fields }: ViewRecord<TransactionViewField>,
    look: () => Promise<T>,
  ): Promise<T | undefined> {
    const one = { kind: 'transaction', id, partition: Number(fields.partition) } as const;
    return servedAlone(this.parts.log, one, look, this.unreadable);
  }

  private clock({ partition }: TransactionState): TurnClock {
    return { now: this.parts.world.clock.now(), gapSince: this.parts.gaps.gapSince(partition) };
  }

  private async intervene(
    transaction: string,
    input: TransactionInput,
    problem: (state: TransactionState) => string | undefined,
  ): Promise<Result<TransactionDetail, TransactionRefusal>> {
    const done = await this.parts.transactions.intervene(transaction, input, problem);
    if (done.ok) return ok(transactionDetailOf(done.value, this.clock(done.value)));
    if (done.error === 'unknown') return err(unknownTransaction(transaction));
    const help =
      'Look at it by `aura tx show`: a decision never changes, and what is waited for is told again.';
    return err({ code: 'CANNOT_DECIDE', message: done.error.problem, help });
  }

  private async newest(id: string): Promise<TransactionState | undefined> {
    return (await this.parts.book.newest(id))?.state;
  }
}

function unknownTransaction(transaction: string): TransactionRefusal {
  return {
    code: 'UNKNOWN_TRANSACTION',
    message: `no transaction ${JSON.stringify(transaction.slice(0, 200))} is held here`,
    help: 'Check the id: <saga>/<run>/<step>/<n>; `aura tx list --all` shows them.',
  };
}
