import type { Journal, JournalRow } from '../journal';
import type { Harness } from './conformance';

/** An opened journal adapter under test. Namespaces are apart from each other and empty at first. */
export interface JournalHarness extends Harness {
  /** The journal of a namespace; after `reopen` it is asked for again. */
  journal(namespace: string): Journal;
}

/** A row for tests: what is not given has plain values. */
export function sampleRow(row: Partial<JournalRow> & { readonly stream: string }): JournalRow {
  return { seq: 1, at: 1_700_000_000_000, operations: [], body: '{}', ...row };
}
