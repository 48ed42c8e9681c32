import type { AppendResult } from '@aura/kernel';
import type { Coalescer } from '../coalescer';
import type { Connection } from '../connection';
import { asStoreError, DUPLICATE_KEY, isPassing, isPassingCode } from '../failures';
import { journalBulks } from './journal-bulks';
import { JOURNAL } from './row-document';
import type { RowDocument } from './row-document';
import { bytesOf, standingResults } from './standing-rows';

/** A row on its way: until when to try, how large it is. */
interface Pending {
  readonly document: RowDocument;
  readonly bytes: number;
  readonly deadline: number;
}

/** `unknown`: the time limit passed before the server said what became of the row. */
type Outcome = { readonly result: AppendResult } | { readonly unknown: unknown };

/**
 * Appends of all callers and namespaces, gathered into unordered bulk inserts of which several may be under way.
 * Rows of one stream never overtake each other. Invariant: `appended` is said only of a row that the server
 * confirmed on a majority's disks, or that a majority read finds stored with the same content.
 */
export class AppendQueue {
  private readonly bulks: Coalescer<Pending, Outcome>;
  private readonly lanes = new Map<string, Promise<unknown>>();

  constructor(private readonly connection: Connection) {
    this.bulks = journalBulks(connection, {
      run: (batch) => this.insertAll(batch),
      weigh: ({ bytes }) => bytes,
      most: connection.options.bulkRows,
    });
  }

  /** Appends rows of different streams. */
  async append(documents: readonly RowDocument[]): Promise<readonly AppendResult[]> {
    const pending = documents.map((document) => this.pending(document));
    const outcomes = await Promise.all(pending.map((row) => this.inLane(row)));
    return outcomes.map((outcome) => {
      if ('result' in outcome) return outcome.result;
      throw this.connection.unavailable('append to a journal', outcome.unknown);
    });
  }

  /** Waits for what is under way. */
  drain(): Promise<void> {
    return this.bulks.drain();
  }

  private pending(document: RowDocument): Pending {
    return { document, bytes: bytesOf(document), deadline: this.connection.deadline() };
  }

  /** Behind the rows of the same stream that are still on their way, whatever becomes of them. */
  private inLane(row: Pending): Promise<Outcome> {
    const stream = row.document.s;
    const before = this.lanes.get(stream);
    const go = () => this.bulks.ask(row);
    const outcome = before ? before.then(go, go) : go();
    this.lanes.set(stream, outcome);
    const leave = () => {
      if (this.lanes.get(stream) === outcome) this.lanes.delete(stream);
    };
    outcome.then(leave, leave);
    return outcome;
  }

  private async insertAll(batch: readonly Pending[]): Promise<readonly Outcome[]> {
    const outcomes = new Map<Pending, Outcome>();
    const end = Math.max(...batch.map((row) => row.deadline));
    let open = batch;
    let failure: unknown;
    for (let tries = 0; open.length > 0; tries++) {
      if (tries > 0 && !(await this.connection.retryAllowed(end, tries - 1))) break;
      failure = await this.insertOnce(open, outcomes);
      const now = performance.now();
      open = open.filter((row) => !outcomes.has(row) && (row.deadline > now || tries === 0));
    }
    return batch.map((row) => outcomes.get(row) ?? { unknown: failure });
  }

  /** One try; enters the outcomes that are certain, answers why the others are not. */
  private async insertOnce(open: readonly Pending[], outcomes: Map<Pending, Outcome>): Promise<unknown> {
    try {
      const { errors } = await this.connection.insert(
        JOURNAL,
        open.map((row) => row.document),
      );
      const failed = new Map(errors.map((error) => [open[error.index], error]));
      for (const row of open) {
        const error = failed.get(row);
        if (!error) outcomes.set(row, { result: 'appended' });
        else if (error.code !== DUPLICATE_KEY && !isPassingCode(error.code))
          outcomes.set(row, { unknown: error });
      }
      await this.judge(
        open.filter((row) => failed.get(row)?.code === DUPLICATE_KEY),
        outcomes,
      );
      return errors[0];
    } catch (error) {
      if (!isPassing(error)) throw asStoreError('append to a journal', error);
      return error;
    }
  }

  private async judge(refused: readonly Pending[], outcomes: Map<Pending, Outcome>): Promise<void> {
    const documents = refused.map(({ document }) => document);
    const standing = await standingResults(this.connection, documents);
    for (const row of refused) {
      const result = standing.get(row.document);
      if (result !== undefined) outcomes.set(row, { result });
    }
  }
}
