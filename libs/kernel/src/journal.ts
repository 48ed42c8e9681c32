/**
 * One row of a journal: what was decided at one position of one stream. Immutable.
 * A row names the operations it performs, so that whoever asks again finds the stored outcome.
 */
export interface JournalRow {
  /** The stream, e.g. `saga/0197…`; at most 512 characters. */
  readonly stream: string;
  /** Position, from 1, without gaps: the writer passes head + 1. (stream, seq) is unique: the compare-and-set. */
  readonly seq: number;
  /** Writer's wall clock, milliseconds since 1970. */
  readonly at: number;
  /** Ids of the operations that this row performs; each stands at most once in a stream. May be empty. */
  readonly operations: readonly string[];
  /** What the fold needs, JSON text. */
  readonly body: string;
  /** Payload that the fold does not need (a person's data), JSON text; may be erased later. */
  readonly payload?: string;
  /** Key that seals the payload; none yet. */
  readonly keyId?: string;
  /** Partition of the stream; rows with one are listed by {@link Journal.scan}. */
  readonly partition?: number;
}

/** What became of one row of an append. `conflict`: another row stands at (stream, seq); read again and decide anew. */
export type AppendResult = 'appended' | 'conflict';

/** A stream's newest position, as the sweep sees it. */
export interface StreamHead {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
}

/** A fold's state at a position. Discardable: it can always be made again from the rows. */
export interface Snapshot {
  readonly stream: string;
  readonly seq: number;
  /** JSON text. */
  readonly state: string;
  /** Version of the fold that made it; a reader with another version ignores it. */
  readonly foldVersion: number;
}

/**
 * The append-only store that all state stands in: one row is one commit.
 *
 * Atomicity: a row is written whole or not at all; rows of one `append` are independent of each other (a losing row
 * never rolls its neighbours back), those of one `appendInOrder` stand each behind all before it. Durability: `appended` means it survives kill -9 of process and server.
 * Concurrency: of writers racing for one (stream, seq) exactly one gets `appended`, unless the rows are equal in
 * operations, body, payload and time: then it is the same write again, and every caller gets `appended`
 * (a lost reply is not a lost race).
 * Errors: `StoreUnavailableError` when the outcome of some row is unknown; repeat the same call.
 * `PayloadTooLargeError`, and nothing is appended, when a row is over `MOST_ROW_CHARACTERS`.
 */
export interface Journal {
  /** Appends rows, at most one per stream in one call (else `TypeError`). Results stand in the order of the rows. */
  append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]>;
  /**
   * Appends rows one behind the other, in one call; also several of one stream. None stands unless all before it do: results
   * end with the first `conflict`, and what is behind that is not written. Whoever dies meanwhile leaves the first few of them.
   */
  appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]>;
  /** Rows of a stream in order, from behind `afterSeq` (default 0: all). An unknown stream is empty. */
  read(stream: string, afterSeq?: number): Promise<readonly JournalRow[]>;
  /** Rows of several streams at once; a stream without rows is absent from the map. */
  readMany(streams: readonly string[]): Promise<ReadonlyMap<string, readonly JournalRow[]>>;
  /** The row of a stream that performs the operation, by index. */
  findOperation(stream: string, operation: string): Promise<JournalRow | undefined>;
  /** Newest position of a stream, 0 when it has none. */
  head(stream: string): Promise<number>;
  /**
   * Streams of the partitions with a row at or after `since`, each with its newest position,
   * ordered by stream; at most `limit`, going on behind `afterStream`.
   */
  scan(query: {
    readonly partitions: readonly number[];
    readonly since: number;
    readonly limit: number;
    readonly afterStream?: string;
  }): Promise<readonly StreamHead[]>;
  /** Keeps a snapshot; one with a lower seq than the kept one is ignored. */
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  /** The kept snapshot of a stream. */
  loadSnapshot(stream: string): Promise<Snapshot | undefined>;
}
