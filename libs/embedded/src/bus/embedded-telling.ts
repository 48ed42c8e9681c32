import { type AppendResult, isAuraError, type JournalRow } from '@aura/kernel';
import type { OutboundMessage, TellingJournal, TellingResult, TellingRow } from '@aura/messaging';
import type { SqliteJournal } from '../journal/sqlite-journal';
import { type PreparedMessage, prepareMessage } from './outbound';

/** A journal of the data file that publishes what its rows say: a row and its messages are one operation of a turn's transaction. */
export class EmbeddedTelling implements TellingJournal {
  constructor(
    private readonly journal: SqliteJournal,
    /** Stores messages in the running transaction, all or, with an error of Aura or a `TypeError`, none. */
    private readonly store: (messages: readonly PreparedMessage[]) => void,
  ) {}

  append(rows: readonly TellingRow[]): Promise<readonly TellingResult[]> {
    return this.journal.appendEach(plain(rows), this.#telling(rows));
  }

  appendInOrder(rows: readonly TellingRow[]): Promise<readonly TellingResult[]> {
    return this.journal.appendEachInOrder(plain(rows), this.#telling(rows));
  }

  #telling(rows: readonly TellingRow[]): (result: AppendResult, n: number) => TellingResult {
    const prepared = rows.map(({ publish }) => preparedOf(publish));
    return (result, n) => (result === 'appended' ? this.#tell(prepared[n] ?? []) : result);
  }

  /** The row stands in the transaction: an error that leaves that running must not reach whoever appends, who would hear that it does not. */
  #tell(messages: readonly PreparedMessage[]): TellingResult {
    if (messages.length === 0) return 'appended';
    try {
      this.store(messages);
      return 'told';
    } catch (error) {
      if (isAuraError(error) || error instanceof TypeError) return 'appended';
      throw error;
    }
  }
}

function plain(rows: readonly TellingRow[]): readonly JournalRow[] {
  return rows.map(({ row }) => row);
}

/** Messages made ready; none where one of them is no event, or cannot be written: whoever publishes them hears of it. */
function preparedOf(messages: readonly OutboundMessage[]): readonly PreparedMessage[] {
  try {
    return messages.map(prepareMessage);
  } catch {
    return [];
  }
}
