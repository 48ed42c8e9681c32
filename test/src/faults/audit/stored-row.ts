/** A row of a journal as it lies in a store, read past Aura's own adapters. */
export interface StoredRow {
  /** Whose journal it is in: a participant, or the coordinator. */
  readonly owner: string;
  readonly stream: string;
  readonly seq: number;
  readonly operations: readonly string[];
  /** JSON text. */
  readonly body: string;
  /** JSON text. */
  readonly payload?: string;
}
