/** An error that SQLite itself gave. */
export interface SqliteFailure {
  readonly message: string;
  /** Extended result code, e.g. 2067 for a broken unique index. */
  readonly errcode: number;
}

/** An error as SQLite's, if it is one. By its shape, as errors of native modules may come from another realm. */
export function sqliteFailure(error: unknown): SqliteFailure | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('errcode' in error) || !('message' in error)) return undefined;
  const { errcode, message } = error;
  return typeof errcode === 'number' && typeof message === 'string' ? { errcode, message } : undefined;
}
