import type { Collection } from 'mongodb';
import { Coalescer } from '../coalescer';
import type { Connection } from '../connection';
import { JOURNAL } from './row-document';
import type { RowDocument } from './row-document';

/** A question for the rows of one stream behind a position. */
interface StreamQuestion {
  readonly s: string;
  readonly after: number;
}

/** A question for the row of a stream that performs an operation. */
interface OperationQuestion {
  readonly s: string;
  readonly o: string;
}

const WITHOUT_ID = { projection: { _id: 0 } } as const;
/** Questions asked in one query; a server plans each branch by index. */
const MAX_QUESTIONS = 50;
const MAX_IN_FLIGHT = 8;

/** Reads of all callers, gathered: fifty questions of one turn are one query. */
export class RowReader {
  private readonly rows: Collection<RowDocument>;
  private readonly streams: Coalescer<StreamQuestion, readonly RowDocument[]>;
  private readonly operations: Coalescer<OperationQuestion, RowDocument | undefined>;

  constructor(private readonly connection: Connection) {
    this.rows = connection.collection<RowDocument>(JOURNAL);
    const bounds = {
      weigh: () => 1,
      maxWeight: MAX_QUESTIONS,
      maxRequests: MAX_QUESTIONS,
      maxInFlight: MAX_IN_FLIGHT,
      limitMs: connection.options.limitMs,
      late: () => connection.unavailable('read of a journal', undefined),
    };
    this.streams = new Coalescer({ ...bounds, run: (questions) => this.findStreams(questions) });
    this.operations = new Coalescer({ ...bounds, run: (questions) => this.findOperations(questions) });
  }

  /** Rows of a stream behind a position, in order. */
  stream(s: string, after: number): Promise<readonly RowDocument[]> {
    return this.streams.ask({ s, after });
  }

  /** The row of a stream that performs an operation. */
  operation(s: string, o: string): Promise<RowDocument | undefined> {
    return this.operations.ask({ s, o });
  }

  /** Newest position of a stream, 0 without rows. */
  head(s: string): Promise<number> {
    return this.connection.persist('head of a journal', async () => {
      const newest = await this.rows.findOne({ s }, { sort: { q: -1 }, projection: { _id: 0, q: 1 } });
      return newest?.q ?? 0;
    });
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await this.streams.drain();
    await this.operations.drain();
  }

  private async findStreams(
    questions: readonly StreamQuestion[],
  ): Promise<readonly (readonly RowDocument[])[]> {
    const from = new Map<string, number>();
    for (const { s, after } of questions) from.set(s, Math.min(after, from.get(s) ?? after));
    const branches = [...from].map(([s, after]) => (after > 0 ? { s, q: { $gt: after } } : { s }));
    const found = await this.either(branches);
    const streams = new Map<string, RowDocument[]>();
    for (const row of found.sort((a, b) => a.q - b.q)) {
      const rows = streams.get(row.s);
      if (rows) rows.push(row);
      else streams.set(row.s, [row]);
    }
    return questions.map(({ s, after }) => (streams.get(s) ?? []).filter((row) => row.q > after));
  }

  private async findOperations(
    questions: readonly OperationQuestion[],
  ): Promise<readonly (RowDocument | undefined)[]> {
    const asked = new Map(questions.map((question) => [`${question.s}\n${question.o}`, question]));
    const found = await this.either([...asked.values()].map(({ s, o }) => ({ s, o })));
    const standing = new Map(found.flatMap((row) => row.o.map((o) => [`${row.s}\n${o}`, row] as const)));
    return questions.map(({ s, o }) => standing.get(`${s}\n${o}`));
  }

  private either(branches: readonly object[]): Promise<RowDocument[]> {
    const [only] = branches;
    const filter = branches.length === 1 && only ? only : { $or: [...branches] };
    return this.connection.persist('read of a journal', () => this.rows.find(filter, WITHOUT_ID).toArray());
  }
}
