import type { AppendResult, Journal, JournalRow } from '@aura/kernel';
import { FaultyJournal } from './faulty-journal';

/** Something else happens behind the n-th row of the first append in order. */
export class InterruptedJournal extends FaultyJournal {
  /** How many rows each call had, in order; those of one row that is appended alone are not among them. */
  readonly calls: number[] = [];
  #isOver = false;

  constructor(
    journal: Journal,
    private readonly behind: number,
    private readonly happens: () => Promise<unknown>,
  ) {
    super(journal);
  }

  override async appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    this.calls.push(rows.length);
    if (this.#isOver) return super.appendInOrder(rows);
    this.#isOver = true;
    const first = await super.appendInOrder(rows.slice(0, this.behind));
    await this.happens();
    return first.at(-1) === 'conflict'
      ? first
      : [...first, ...(await super.appendInOrder(rows.slice(this.behind)))];
  }
}
