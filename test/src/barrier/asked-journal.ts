import type { JournalRow } from '@aura/kernel';
import { FaultyJournal } from './faulty-journal';

/** Counts what is asked of the journals of steps and branches. */
export class AskedJournal extends FaultyJournal {
  asked = 0;
  /** How often an operation was looked for. */
  sought = 0;

  override read(stream: string, afterSeq?: number): Promise<readonly JournalRow[]> {
    if (stream.startsWith('step/')) this.asked += 1;
    return super.read(stream, afterSeq);
  }

  override findOperation(stream: string, operation: string): Promise<JournalRow | undefined> {
    this.sought += 1;
    return super.findOperation(stream, operation);
  }
}
