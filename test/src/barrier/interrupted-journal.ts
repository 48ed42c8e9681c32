import type { AppendResult, Journal, JournalRow } from '@aura/kernel';
import { FaultyJournal } from './faulty-journal';

/** Something else happens behind the n-th row of an append in order: the first one, or one that comes later. */
export class InterruptedJournal extends FaultyJournal {
  /** How many rows each call had, in order; those of one row that is appended alone are not among them. */
  readonly calls: number[] = [];

  constructor(
    journal: Journal,
    private readonly behind: number,
    private readonly happens: () => Promise<unknown>,
    /** Which one, from 1. */
    private readonly call = 1,
  ) {
    super(journal);
  }

  override async appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    this.calls.push(rows.length);
    if (this.calls.length !== this.call) return super.appendInOrder(rows);
    const first = await super.appendInOrder(rows.slice(0, this.behind));
    await this.happens();
    return first.at(-1) === 'conflict'
      ? first
      : [...first, ...(await super.appendInOrder(rows.slice(this.behind)))];
  }
}
