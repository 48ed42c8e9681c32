/** What SQLite takes and gives in a column. */
export type SqlValue = null | number | bigint | string | Uint8Array;
