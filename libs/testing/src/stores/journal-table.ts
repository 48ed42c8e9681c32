import { PayloadTooLargeError, rowTooLarge } from '@aura/kernel';
import type { AppendResult, JournalRow, Snapshot, StreamHead } from '@aura/kernel';

/** Longest name of a stream. */
const LONGEST_NAME = 512;

interface Stream {
  readonly rows: JournalRow[];
  readonly operations: Map<string, JournalRow>;
}

/** Told of rows as they are written. */
export interface RowListeners {
  readonly onRow?: (row: JournalRow) => void;
  /** Told of a row that stands as another process had written it, and that a process takes for its own. */
  readonly onShared?: (row: JournalRow) => void;
}

/** The journals of one namespace: what survives everything. */
export class JournalTable {
  readonly #streams = new Map<string, Stream>();
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #writers = new WeakMap<JournalRow, object>();

  constructor(private readonly listeners: RowListeners = {}) {}

  /** Appends rows of a writer, each by itself; of a `part` only those whose bit is set, the others are `undefined`. */
  append(rows: readonly JournalRow[], writer: object, part?: number): readonly (AppendResult | undefined)[] {
    rows.forEach(demandName);
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) throw tooLarge;
    const names = new Set(rows.map(({ stream }) => stream));
    if (names.size < rows.length) throw new TypeError('an append has at most one row per stream');
    return rows.map((row, n) => (isIn(part, n) ? this.#appendOne(row, writer) : undefined));
  }

  /** Appends rows of a writer up to the first that loses its place; of a `part` only those before the first whose bit is not set. */
  appendInOrder(rows: readonly JournalRow[], writer: object, part?: number): readonly AppendResult[] {
    const tooLarge = rowTooLarge(rows);
    if (tooLarge !== undefined) throw tooLarge;
    const results: AppendResult[] = [];
    for (const [n, row] of rows.entries()) {
      const [result] = this.append([row], writer, isIn(part, n) ? undefined : 0);
      if (result !== undefined) results.push(result);
      if (result !== 'appended') break;
    }
    return results;
  }

  read(stream: string, afterSeq = 0): readonly JournalRow[] {
    const rows = this.#streams.get(stream)?.rows ?? [];
    return afterSeq <= 0 ? [...rows] : rows.slice(afterSeq);
  }

  findOperation(stream: string, operation: string): JournalRow | undefined {
    return this.#streams.get(stream)?.operations.get(operation);
  }

  head(stream: string): number {
    return this.#streams.get(stream)?.rows.length ?? 0;
  }

  scan(query: {
    readonly partitions: readonly number[];
    readonly since: number;
    readonly limit: number;
    readonly afterStream?: string;
  }): readonly StreamHead[] {
    const { partitions, since, limit, afterStream } = query;
    const heads: StreamHead[] = [];
    for (const [stream, { rows }] of this.#streams) {
      const last = rows.at(-1);
      if (last === undefined || (afterStream !== undefined && stream <= afterStream)) continue;
      const isAsked = isOf(partitions, rows) && rows.some(({ at }) => at >= since);
      if (isAsked) heads.push({ stream, seq: last.seq, at: last.at });
    }
    return heads.sort((left, right) => (left.stream < right.stream ? -1 : 1)).slice(0, limit);
  }

  saveSnapshot(snapshot: Snapshot): void {
    const kept = this.#snapshots.get(snapshot.stream);
    if (kept === undefined || kept.seq <= snapshot.seq) this.#snapshots.set(snapshot.stream, snapshot);
  }

  loadSnapshot(stream: string): Snapshot | undefined {
    return this.#snapshots.get(stream);
  }

  /** Every stream with its rows, in the order of their first rows. */
  *streams(): Generator<readonly [stream: string, rows: readonly JournalRow[]]> {
    for (const [stream, { rows }] of this.#streams) yield [stream, rows];
  }

  #appendOne(row: JournalRow, writer: object): AppendResult {
    const stream: Stream = this.#streams.get(row.stream) ?? { rows: [], operations: new Map() };
    const standing = stream.rows[row.seq - 1];
    if (standing !== undefined) return this.#repeat(standing, row, writer);
    if (row.seq !== stream.rows.length + 1)
      throw new RangeError(`row ${row.seq} of ${row.stream} would stand behind ${stream.rows.length}`);
    this.#write(stream, row);
    this.#writers.set(row, writer);
    this.listeners.onRow?.(row);
    return 'appended';
  }

  #repeat(standing: JournalRow, row: JournalRow, writer: object): AppendResult {
    if (!isSameWrite(standing, row)) return 'conflict';
    if (this.#writers.get(standing) !== writer) this.listeners.onShared?.(standing);
    return 'appended';
  }

  #write({ operations, rows }: Stream, row: JournalRow): void {
    if (rows.length === 0) this.#streams.set(row.stream, { operations, rows });
    rows.push(row);
    for (const operation of row.operations) if (!operations.has(operation)) operations.set(operation, row);
  }
}

function demandName({ stream }: JournalRow): void {
  if (stream.length > LONGEST_NAME)
    throw new PayloadTooLargeError('the name of a stream', stream.length, LONGEST_NAME);
}

function isOf(partitions: readonly number[], [first]: readonly JournalRow[]): boolean {
  return first?.partition !== undefined && partitions.includes(first.partition);
}

/** Whether the n-th item is in a part; 32 items, then they repeat. */
export function isIn(part: number | undefined, n: number): boolean {
  return part === undefined || ((part >>> (n % 32)) & 1) === 1;
}

function isSameWrite(standing: JournalRow, row: JournalRow): boolean {
  if (standing === row) return true;
  const { at, body, operations, payload } = standing;
  return (
    at === row.at &&
    body === row.body &&
    payload === row.payload &&
    operations.length === row.operations.length &&
    operations.every((operation, n) => operation === row.operations[n])
  );
}
