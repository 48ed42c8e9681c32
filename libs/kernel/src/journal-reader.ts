import type { JournalRow } from './journal';

/** Which streams {@link JournalReader.page} goes through. */
export interface StreamsQuery {
  /** Only streams whose name begins so; default: all. */
  readonly prefix?: string;
  /** Most streams of the page, at least 1. */
  readonly limit: number;
  /** Go on behind this stream. */
  readonly afterStream?: string;
}

/**
 * Reads the journals of one namespace beside whoever writes them, and changes nothing: neither rows nor schema nor owner.
 * For audits. Errors: `StoreUnavailableError`; repeat the call.
 */
export interface JournalReader {
  /** Whole streams, each with all of its rows in order, by name. A page without streams is the last one. */
  page(query: StreamsQuery): Promise<readonly (readonly JournalRow[])[]>;
}
