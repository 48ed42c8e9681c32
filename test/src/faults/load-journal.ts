import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/** One thing that the load was told, and what it believes of Aura from then on. */
export type Told =
  /** The start of a saga was acknowledged. */
  | { readonly told: 'started'; readonly key: string; readonly saga: string; readonly workflow: string }
  /** The broker confirmed an event that starts a saga. */
  | { readonly told: 'confirmed'; readonly source: string; readonly id: string; readonly saga: string }
  /** A saga was said to have ended. */
  | { readonly told: 'ended'; readonly saga: string; readonly status: string };

const synced = promisify(fdatasync);

/** The load's own journal, a file apart from every store of Aura: one line of JSON for each thing told, on disk before it counts. */
export class LoadJournal {
  private readonly file: number;
  private waiting: Promise<void> | undefined;

  constructor(readonly path: string) {
    this.file = openSync(path, 'a');
  }

  /** Resolves when it is on disk. What comes while a sync runs shares the next one. */
  async note(told: Told): Promise<void> {
    writeSync(this.file, `${JSON.stringify(told)}\n`);
    this.waiting ??= this.sync();
    await this.waiting;
  }

  close(): void {
    closeSync(this.file);
  }

  private async sync(): Promise<void> {
    // All lines of this turn of the loop are written before the sync begins; those behind it get one of their own.
    await Promise.resolve();
    this.waiting = undefined;
    await synced(this.file);
  }
}

/** Everything that stands in a journal's file. */
export function readLoadJournal(path: string): readonly Told[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Told);
}
