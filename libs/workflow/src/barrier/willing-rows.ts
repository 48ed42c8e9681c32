import type { JournalRow } from '@aura/kernel';

/** Most branches whose rows are kept, and most characters that the rows of one may have: together at most some MiB. */
const MOST_BRANCHES = 256;
const MOST_CHARACTERS = 16_384;

/**
 * Rows of branches that have not said no here, as this process wrote them: the decision comes soon, and need not ask for them. Others
 * may have written behind them since, as whoever goes on from them finds out by the place of the next row.
 */
export class WillingRows {
  private readonly kept = new Map<string, readonly JournalRow[]>();

  keep(stream: string, rows: readonly JournalRow[]): void {
    if (rows.reduce((sum, { body, payload = '' }) => sum + body.length + payload.length, 0) > MOST_CHARACTERS)
      return;
    this.kept.set(stream, rows);
    if (this.kept.size <= MOST_BRANCHES) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }

  /** They are wanted once. */
  take(stream: string): readonly JournalRow[] | undefined {
    const rows = this.kept.get(stream);
    this.kept.delete(stream);
    return rows;
  }
}
