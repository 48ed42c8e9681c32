import { StoreUnavailableError } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow, Snapshot, StreamHead } from '@aura/kernel';
import type { SimulatedProcess } from '../process/simulated-process';
import type { JournalTable } from './journal-table';

/** A process's way to its journals. */
export class SimulatedJournal implements Journal {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly table: JournalTable,
  ) {}

  append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    return this.appendEach(rows, (result) => result);
  }

  /** Appends as {@link append}; `behind` belongs to the effect, and what it answers is the n-th row's result. */
  appendEach<T>(
    rows: readonly JournalRow[],
    behind: (result: AppendResult, n: number) => T,
  ): Promise<readonly T[]> {
    return this.process.call('journal.append', subjectOf(rows), (part) => {
      const answers = this.table
        .append(rows, this.process, part)
        .map((result, n) => result && { of: behind(result, n) });
      return answers.map((answer) => (answer ?? unwritten()).of);
    });
  }

  appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    return this.appendEachInOrder(rows, (result) => result);
  }

  /** Appends as {@link appendInOrder}; `behind` as with {@link appendEach}. */
  appendEachInOrder<T>(
    rows: readonly JournalRow[],
    behind: (result: AppendResult, n: number) => T,
  ): Promise<readonly T[]> {
    return this.process.call('journal.append', subjectInOrder(rows), (part) => {
      const results = this.table.appendInOrder(rows, this.process, part);
      const answers = results.map((result, n) => behind(result, n));
      return answers.length < rows.length && results.at(-1) !== 'conflict' ? unwritten() : answers;
    });
  }

  read(stream: string, afterSeq?: number): Promise<readonly JournalRow[]> {
    return this.process.call('journal.read', stream, () => this.table.read(stream, afterSeq));
  }

  readMany(streams: readonly string[]): Promise<ReadonlyMap<string, readonly JournalRow[]>> {
    const [first = 'nothing'] = streams;
    return this.process.call('journal.read', first, () => {
      const found = new Map<string, readonly JournalRow[]>();
      for (const stream of streams) {
        const rows = this.table.read(stream);
        if (rows.length > 0) found.set(stream, rows);
      }
      return found;
    });
  }

  findOperation(stream: string, operation: string): Promise<JournalRow | undefined> {
    return this.process.call('journal.read', stream, () => this.table.findOperation(stream, operation));
  }

  head(stream: string): Promise<number> {
    return this.process.call('journal.read', stream, () => this.table.head(stream));
  }

  scan(query: {
    readonly partitions: readonly number[];
    readonly since: number;
    readonly limit: number;
    readonly afterStream?: string;
  }): Promise<readonly StreamHead[]> {
    return this.process.call('journal.read', 'partitions', () => this.table.scan(query));
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.process.call('journal.snapshot', snapshot.stream, () => this.table.saveSnapshot(snapshot));
  }

  loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    return this.process.call('journal.read', stream, () => this.table.loadSnapshot(stream));
  }
}

function subjectOf(rows: readonly JournalRow[]): string {
  const [first] = rows;
  if (first === undefined) return 'nothing';
  const [operation = ''] = first.operations;
  const name = `${first.stream}#${first.seq}${operation.includes('/') ? '' : ` ${operation}`}`;
  return rows.length === 1 ? name : `${name} and ${rows.length - 1} more`;
}

/** Named by the last one, which is what it is about. */
function subjectInOrder(rows: readonly JournalRow[]): string {
  return subjectOf(rows.slice(-1));
}

function unwritten(): never {
  throw new StoreUnavailableError('some rows got no answer');
}
