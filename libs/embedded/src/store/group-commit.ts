import { AuraError, StoreUnavailableError } from '@aura/kernel';
import type { SqlDatabase, SqlStatement } from '../sqlite/driver';
import { sqliteFailure } from '../sqlite/sqlite-failure';

/** Who has something of its own to write with a turn's operations, and to do once they are safe. */
export interface TurnMember {
  /** Writes; called inside the transaction, behind all operations. */
  beforeCommit(): void;
  /** What was written is safe. */
  committed(): void;
  /** Nothing of the turn was written: takes everything in memory back to before it. */
  rolledBack(): void;
  /** The file took the turn, or refused it with an error. */
  outcome(error: StoreUnavailableError | undefined): void;
}

interface Operation {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  result: unknown;
  failure: Error | undefined;
}

/** Operations in one transaction at most; more wait for the next turn, so that a flood does not hold the loop. */
const MOST_OPERATIONS = 4000;

/**
 * Writes all operations of a turn of the event loop in one transaction.
 *
 * `run` queues an operation; at the end of the turn all queued ones are performed in order and committed together,
 * and their promises settle behind the commit. What is asked for because of a settled promise falls into a later
 * transaction.
 *
 * An operation that throws an error of Aura or a `TypeError` must not have written anything, and fails alone. After
 * any other error the transaction is rolled back and each operation gets one of its own, so that again only the
 * failing one fails, with `StoreUnavailableError`. When the file refuses a commit, every operation of the turn fails
 * so; the next turn tries again.
 */
export class GroupCommit {
  #queue: Operation[] = [];
  #scheduled = false;
  #touched = false;
  #isClosed = false;
  readonly #members: TurnMember[] = [];

  readonly #begin: SqlStatement;
  readonly #end: SqlStatement;

  constructor(private readonly database: SqlDatabase) {
    this.#begin = database.prepare('BEGIN');
    this.#end = database.prepare('COMMIT');
  }

  /** Takes part in every transaction from now on. */
  join(member: TurnMember): void {
    this.#members.push(member);
  }

  /** Performs `work` in this turn's transaction; resolves with its value once that is safe. */
  run<T>(work: () => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      const operation: Operation = {
        work,
        resolve: (value) => resolve(value as T),
        reject,
        result: undefined,
        failure: undefined,
      };
      this.#queue.push(operation);
      this.#schedule();
    });
  }

  /** A member has something to write in this turn. */
  touch(): void {
    this.#touched = true;
    this.#schedule();
  }

  /** Resolves when all that was asked for until now is written or refused; whoever asked for it hears which. */
  barrier(): Promise<void> {
    const passed = (): void => undefined;
    return this.run(passed).catch(passed);
  }

  /** Writes what was asked for until now, and refuses everything later. */
  async close(): Promise<void> {
    await this.barrier();
    this.#isClosed = true;
    for (const operation of this.#queue.splice(0)) operation.reject(closedError());
  }

  #schedule(): void {
    if (this.#scheduled || this.#isClosed) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    if (this.#isClosed) return;
    this.#touched = false;
    const turn = this.#take();
    this.#perform(turn);
    if (this.#queue.length > 0 || this.#touched) this.#schedule();
  };

  #take(): readonly Operation[] {
    if (this.#queue.length <= MOST_OPERATIONS) {
      const turn = this.#queue;
      this.#queue = [];
      return turn;
    }
    return this.#queue.splice(0, MOST_OPERATIONS);
  }

  #perform(turn: readonly Operation[]): void {
    const error = this.#transaction(turn);
    if (error === undefined) return;
    if (turn.length > 1 && isOwnFault(error)) turn.forEach((operation) => this.#performAlone(operation));
    else this.#refuse(turn, error);
  }

  #performAlone(operation: Operation): void {
    const error = this.#transaction([operation]);
    if (error !== undefined) this.#refuse([operation], error);
  }

  #refuse(turn: readonly Operation[], cause: unknown): void {
    const error = new StoreUnavailableError(`the data file refused: ${messageOf(cause)}`, cause);
    for (const operation of turn) operation.reject(error);
    for (const member of this.#members) member.outcome(error);
  }

  /** Performs and commits; answers the error that rolled everything back. */
  #transaction(turn: readonly Operation[]): unknown {
    try {
      this.#commit(turn);
    } catch (error) {
      this.#rollBack();
      return error ?? new Error('unknown');
    }
    for (const operation of turn) settle(operation);
    for (const member of this.#members) member.outcome(undefined);
    for (const member of this.#members) member.committed();
    return undefined;
  }

  #commit(turn: readonly Operation[]): void {
    this.#begin.run();
    for (const operation of turn) perform(operation);
    for (const member of this.#members) member.beforeCommit();
    this.#end.run();
  }

  #rollBack(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    for (const member of this.#members) member.rolledBack();
  }
}

function perform(operation: Operation): void {
  operation.failure = undefined;
  try {
    operation.result = operation.work();
  } catch (error) {
    if (!(error instanceof AuraError) && !(error instanceof TypeError)) throw error;
    operation.failure = error;
  }
}

function settle(operation: Operation): void {
  if (operation.failure) operation.reject(operation.failure);
  else operation.resolve(operation.result);
}

function closedError(): StoreUnavailableError {
  return new StoreUnavailableError('the data file is closed');
}

/** Primary result codes that speak of the file as a whole, not of one statement: one statement less would not help. */
const FILE_CODES: ReadonlySet<number> = new Set([5, 6, 8, 10, 11, 13, 14, 23, 26]);

function isOwnFault(error: unknown): boolean {
  const failure = sqliteFailure(error);
  return failure === undefined || !FILE_CODES.has(failure.errcode & 0xff);
}

function messageOf(error: unknown): string {
  return sqliteFailure(error)?.message ?? String(error);
}
