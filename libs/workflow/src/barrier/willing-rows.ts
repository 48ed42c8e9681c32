import type { Clock, JournalRow } from '@aura/kernel';

/** Most branches whose rows are kept, and most characters that the rows of one may have: together at most some MiB. */
const MOST_BRANCHES = 256;
const MOST_CHARACTERS = 16_384;
/** So long rows are kept, ms: nobody brings an older store back under a process within that time. */
const KEPT_MS = 5000;

interface Kept {
  readonly rows: readonly JournalRow[];
  readonly at: number;
}

/**
 * Rows of branches that have said yes here, as they stood then: the decision comes soon, and need not ask for them. Others may
 * have written behind them since. Then what is held is applied already, or released and refused, and the next row finds no place.
 */
export class WillingRows {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  keep(stream: string, rows: readonly JournalRow[]): void {
    this.kept.delete(stream);
    if (rows.reduce((sum, { body, payload = '' }) => sum + body.length + payload.length, 0) > MOST_CHARACTERS)
      return;
    this.kept.set(stream, { rows, at: this.clock.monotonic() });
    if (this.kept.size <= MOST_BRANCHES) return;
    const [oldest] = this.kept.keys();
    if (oldest !== undefined) this.kept.delete(oldest);
  }

  /** They are wanted once. */
  take(stream: string): readonly JournalRow[] | undefined {
    const kept = this.kept.get(stream);
    this.kept.delete(stream);
    return kept !== undefined && this.clock.monotonic() - kept.at < KEPT_MS ? kept.rows : undefined;
  }
}
