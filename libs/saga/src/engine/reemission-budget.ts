import type { Clock } from '@aura/kernel';

/** Re-emissions for one delivery, at most. */
const SHARE = 0.05;
/** Re-emissions a second that are always free, so that a quiet system finds its lost joins. */
const FREE_PER_SECOND = 2;
/** Most that may be saved up. */
const MOST_SAVED = 100;

/** Keeps re-emissions of lost joins below 5 % of the deliveries: a cure must not become the load. */
export class ReemissionBudget {
  private saved = MOST_SAVED / 2;
  private seen = 0;
  private at: number;

  constructor(
    private readonly clock: Clock,
    /** Deliveries handled so far. */
    private readonly delivered: () => number,
  ) {
    this.at = clock.monotonic();
  }

  /** Takes one re-emission from the budget; false when there is none left now. */
  take(): boolean {
    this.earn();
    if (this.saved < 1) return false;
    this.saved -= 1;
    return true;
  }

  private earn(): void {
    const [now, delivered] = [this.clock.monotonic(), this.delivered()];
    const earned = (delivered - this.seen) * SHARE + ((now - this.at) / 1000) * FREE_PER_SECOND;
    this.saved = Math.min(MOST_SAVED, this.saved + earned);
    this.seen = delivered;
    this.at = now;
  }
}
