import { PayloadTooLargeError } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow } from '@aura/kernel';
import { FaultyJournal } from './faulty-journal';

/** Takes no call in which some rows are. */
export class RefusingJournal extends FaultyJournal {
  constructor(
    journal: Journal,
    private readonly isRefused: (rows: readonly JournalRow[]) => boolean,
  ) {
    super(journal);
  }

  override append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    if (this.isRefused(rows)) return Promise.reject(new PayloadTooLargeError('a row', 2, 1));
    return super.append(rows);
  }

  override appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    if (this.isRefused(rows)) return Promise.reject(new PayloadTooLargeError('a row', 2, 1));
    return super.appendInOrder(rows);
  }
}
