import { StoreUnavailableError } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow, Snapshot } from '@aura/kernel';

/** Where a process dies: at its n-th append (from 1), before the row is written or behind it. */
export interface Death {
  readonly append: number;
  readonly when: 'before' | 'behind';
  /** The process lives on: only the answer of this one append is lost. */
  readonly isPassing?: boolean;
}

/** A journal whose process dies at one append: from then on nothing is answered any more. */
export class FaultyJournal implements Journal {
  appends = 0;
  /** Streams that were appended to, in order. */
  readonly streams: string[] = [];
  /** Rows that were read, in all. */
  rowsRead = 0;
  #isDead = false;

  constructor(
    private journal: Journal,
    private readonly death?: Death,
  ) {}

  get isDead(): boolean {
    return this.#isDead;
  }

  /** An older store takes the place of this one, as when it is restored. */
  bringBack(older: Journal): void {
    this.journal = older;
  }

  async append(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    this.#demandAlive();
    this.appends += 1;
    const dies = this.appends === this.death?.append ? this.death.when : undefined;
    this.#isDead = dies !== undefined && this.death?.isPassing !== true;
    if (dies === 'before') throw died();
    this.streams.push(...rows.map(({ stream }) => stream));
    const results = await this.journal.append(rows);
    if (dies === 'behind') throw died();
    return results;
  }

  /** Each row is an append of its own, before or behind which the process may die. */
  async appendInOrder(rows: readonly JournalRow[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    for (const row of rows) {
      const [result = 'conflict'] = await this.append([row]);
      results.push(result);
      if (result === 'conflict') break;
    }
    return results;
  }

  async read(stream: string, afterSeq?: number): Promise<readonly JournalRow[]> {
    this.#demandAlive();
    const rows = await this.journal.read(stream, afterSeq);
    this.rowsRead += rows.length;
    return rows;
  }

  findOperation(stream: string, operation: string): Promise<JournalRow | undefined> {
    this.#demandAlive();
    return this.journal.findOperation(stream, operation);
  }

  head(stream: string): Promise<number> {
    this.#demandAlive();
    return this.journal.head(stream);
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    this.#demandAlive();
    return this.journal.saveSnapshot(snapshot);
  }

  loadSnapshot(stream: string): Promise<Snapshot | undefined> {
    this.#demandAlive();
    return this.journal.loadSnapshot(stream);
  }

  readonly readMany: Journal['readMany'] = (streams) => this.journal.readMany(streams);
  readonly scan: Journal['scan'] = (query) => this.journal.scan(query);

  #demandAlive(): void {
    if (this.#isDead) throw died();
  }
}

function died(): StoreUnavailableError {
  return new StoreUnavailableError('the process is dead');
}
