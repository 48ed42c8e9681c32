import type { AppendResult } from '@aura/kernel';
import type { Coalescer } from '../coalescer';
import type { Connection, WriteReply } from '../connection';
import { asStoreError, DUPLICATE_KEY, isPassing, isPassingCode } from '../failures';
import { journalBulks } from './journal-bulks';
import { JOURNAL } from './row-document';
import type { RowDocument } from './row-document';
import { bytesOf, MAX_BULK_BYTES, standingResults } from './standing-rows';

/** Rows that stand one behind the other, and how far they have come. */
interface Chain {
  readonly documents: readonly RowDocument[];
  /** Of each document. */
  readonly sizes: readonly number[];
  readonly deadline: number;
  /** Of the rows so far; ends with the first conflict. */
  readonly results: AppendResult[];
  /** Why the server does not take the next row. */
  refusal?: Error;
}

/** A row of a chain that has yet to be written. */
interface Row {
  readonly chain: Chain;
  readonly document: RowDocument;
  readonly bytes: number;
}

/** Why a bulk ended before all of its rows, and the chain that ended it. */
interface Stopped {
  readonly failure: unknown;
  readonly by?: Chain | undefined;
}

/** `unknown`: the time limit passed before the server said what became of all rows, or why it refuses one. */
type Outcome = { readonly results: readonly AppendResult[] } | { readonly unknown: unknown };

/** Most chains of one bulk: whatever ends it has the rest of them sent again. */
const MOST_CHAINS = 50;

/**
 * Appends of rows in order, of all callers and namespaces, gathered into ordered bulk inserts: one that loses its place ends the
 * bulk, and what stands behind it and is of others goes into the next one. Invariants: of each chain the first few rows stand;
 * `appended` is said only of what is confirmed as by the queue of single rows.
 */
export class ChainQueue {
  private readonly bulks: Coalescer<Chain, Outcome>;

  constructor(private readonly connection: Connection) {
    this.bulks = journalBulks(connection, {
      run: (batch) => this.insertAll(batch),
      weigh: ({ sizes }) => sizes.reduce((sum, bytes) => sum + bytes, 0),
      most: MOST_CHAINS,
    });
  }

  /** Appends rows in their order. */
  async append(documents: readonly RowDocument[]): Promise<readonly AppendResult[]> {
    if (documents.length === 0) return [];
    const sizes = documents.map(bytesOf);
    const deadline = this.connection.deadline();
    const outcome = await this.bulks.ask({ documents, sizes, deadline, results: [] });
    if ('results' in outcome) return outcome.results;
    throw this.connection.unavailable('append to a journal', outcome.unknown);
  }

  /** Waits for what is under way. */
  drain(): Promise<void> {
    return this.bulks.drain();
  }

  private async insertAll(batch: readonly Chain[]): Promise<readonly Outcome[]> {
    const end = Math.max(...batch.map(({ deadline }) => deadline));
    let open = batch;
    let failure: unknown;
    for (let idle = 0; open.length > 0;) {
      if (idle > 0 && !(await this.connection.retryAllowed(end, idle - 1))) break;
      const before = advance(open);
      const stopped = await this.insertOnce(open);
      ({ failure } = stopped);
      idle = advance(open) > before ? 0 : idle + 1;
      open = lastOf(open, stopped.by).filter((chain) => isOpen(chain) && chain.deadline > performance.now());
    }
    return batch.map((chain) =>
      isDone(chain) ? { results: chain.results } : { unknown: chain.refusal ?? failure },
    );
  }

  /** One try, of the rows that are left, as many as one message holds; answers why it ended before them, and by which chain. */
  private async insertOnce(open: readonly Chain[]): Promise<Stopped> {
    const left = ofOneMessage(open.flatMap(rowsLeft));
    try {
      const documents = left.map(({ document }) => document);
      const { errors } = await this.connection.insertInOrder(JOURNAL, documents);
      const [error] = errors;
      for (const { chain } of left.slice(0, error?.index)) chain.results.push('appended');
      if (error === undefined) return { failure: undefined };
      await this.stop(left.slice(error.index), error);
      return { failure: error, by: left[error.index]?.chain };
    } catch (error) {
      if (!isPassing(error)) throw asStoreError('append to a journal', error);
      return { failure: error };
    }
  }

  /** What becomes of the rows from that on that was not taken. */
  private async stop(
    [row, ...behind]: readonly Row[],
    { code, message }: WriteReply['errors'][number],
  ): Promise<void> {
    if (row === undefined) return;
    if (code === DUPLICATE_KEY) {
      await this.judge([row]);
      // Its own write stands, whose answer was lost: so may those behind it.
      if (row.chain.results.at(-1) === 'appended') await this.judge(behind);
    } else if (!isPassingCode(code)) {
      row.chain.refusal = new Error(`MongoDB refuses a row: ${message} (code ${code})`);
    }
  }

  /** Reads back what stands of rows; of each chain up to the first that does not. */
  private async judge(rows: readonly Row[]): Promise<void> {
    const standing = await standingResults(
      this.connection,
      rows.map(({ document }) => document),
    );
    for (const { chain, document } of rows) {
      const result = standing.get(document);
      const isNext = chain.documents[chain.results.length] === document && !isDone(chain);
      if (isNext && result !== undefined) chain.results.push(result);
    }
  }
}

function rowsLeft(chain: Chain): readonly Row[] {
  const { documents, results, sizes } = chain;
  const rows = documents.map((document, n) => ({ chain, document, bytes: sizes[n] ?? 0 }));
  return rows.slice(results.length);
}

/** The first of the rows, always at least one: those of a single chain may be more than one message holds. */
function ofOneMessage(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const tooMany = rows.findIndex((row, n) => (bytes += row.bytes) > MAX_BULK_BYTES && n > 0);
  return tooMany < 0 ? rows : rows.slice(0, tooMany);
}

function isDone({ documents, results }: Chain): boolean {
  return results.length === documents.length || results.at(-1) === 'conflict';
}

function isOpen(chain: Chain): boolean {
  return !isDone(chain) && chain.refusal === undefined;
}

/** How far chains have come in all. */
function advance(chains: readonly Chain[]): number {
  return chains.reduce(
    (sum, { results, refusal }) => sum + results.length + (refusal === undefined ? 0 : 1),
    0,
  );
}

/** The chain that ended a bulk comes last in the next one: no rows of others wait behind what cannot be said yet. */
function lastOf(chains: readonly Chain[], last: Chain | undefined): readonly Chain[] {
  return last === undefined ? chains : [...chains.filter((chain) => chain !== last), last];
}
