import type { AppendResult, JournalRow } from '@aura/kernel';
import { FaultyJournal } from './faulty-journal';

/** Holds the first call that writes of an account up until it is opened. */
export class GatedJournal extends FaultyJournal {
  open: () => void = () => undefined;
  private say: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  /** Resolves when that call has come. */
  readonly reached = new Promise<void>((resolve) => (this.say = resolve));
  private isReached = false;

  override async append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    await this.gate(rows);
    return super.append(rows);
  }

  override async appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    await this.gate(rows);
    return super.appendInOrder(rows);
  }

  private async gate(rows: readonly JournalRow[]): Promise<void> {
    if (this.isReached || rows.every(({ stream }) => !stream.startsWith('account/'))) return;
    this.isReached = true;
    this.say();
    await this.opened;
  }
}
