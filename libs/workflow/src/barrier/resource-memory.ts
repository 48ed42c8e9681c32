import type { Journal, JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { Decided } from './decide-turn';
import type { LoadCount } from './load-count';
import { RecentOperations } from './recent-operations';
import { FOLD_VERSION, foldRow, initialFold } from './resource-fold';
import type { ResourceFold } from './resource-fold';
import { stoodIn } from './resource-operation';
import type { ResourceOperation, RowBody, Stood } from './resource-operation';

/** Where a resource's rows are, and how loads of it are counted. */
export interface MemoryPorts {
  readonly journal: Journal;
  readonly loads: LoadCount;
}

/** A prefix of the journal, folded; what stands never changes, so that it is only ever behind. */
export interface Known<S> {
  readonly fold: ResourceFold<S>;
  readonly seq: number;
}

/** A snapshot is kept every so many rows. */
const SNAPSHOT_EVERY = 200;
/** Most operations of a journal that is remembered whole, so that its index need not be asked. */
const SHORT_HISTORY = 16;

/** What this process knows of a resource: what its journal folds to, and how its newest operations stand. */
export class ResourceMemory<S> {
  private readonly recent = new RecentOperations();
  private known: Known<S> | undefined;
  private isBehind = false;

  constructor(
    private readonly ports: MemoryPorts,
    private readonly type: ResourceType<S>,
    private readonly stream: string,
  ) {}

  /** The journal is folded anew before the next operation: the outcome of an append is unknown. */
  forget(): void {
    this.known = undefined;
  }

  /** Others have written behind what is known. */
  fallBehind(): void {
    this.isBehind = true;
  }

  /** What the journal folds to now; behind a lost race only what came since is read. */
  async newest(): Promise<Known<S>> {
    if (this.known !== undefined && !this.isBehind) return this.known;
    const { known } = this;
    const rows = known === undefined ? [] : await this.ports.journal.read(this.stream, known.seq);
    // A race that was lost to nothing: an older store was brought back under this process.
    this.known = known === undefined || rows.length === 0 ? await this.anew() : this.behind(known, rows);
    this.isBehind = false;
    return this.known;
  }

  /** The row that was decided behind what was known stands. */
  async written({ seq }: Known<S>, { fold, changes }: Decided<S>): Promise<void> {
    const known = { fold, seq: seq + 1 };
    this.known = known;
    const load = this.ports.loads.next();
    changes.forEach((stood, id) => this.recent.remember(id, { load, stood }));
    if (known.seq % SNAPSHOT_EVERY === 0) await this.saveSnapshot(known);
  }

  /**
   * How an operation stands. The index is asked where it may stand without being remembered, and where others wrote it; that it
   * does not stand is proven by the append that follows.
   */
  async standing({ id, asked = 0 }: Pick<ResourceOperation, 'id' | 'asked'>): Promise<Stood | undefined> {
    const recent = this.recent.get(id);
    if (recent?.stood !== undefined) return recent.stood;
    return recent === undefined && this.recent.isWholeSince(asked) ? undefined : this.found(id);
  }

  /** How an operation stands by the journal's index. */
  async found(id: string): Promise<Stood | undefined> {
    const row = await this.ports.journal.findOperation(this.stream, id);
    if (row === undefined) return undefined;
    return stoodIn(JSON.parse(row.body) as RowBody, id);
  }

  private behind(known: Known<S>, rows: readonly JournalRow[]): Known<S> {
    this.remember(rows, this.ports.loads.next());
    return this.folded(known, rows);
  }

  private async anew(): Promise<Known<S>> {
    const start = await this.snapshot();
    const rows = await this.ports.journal.read(this.stream, start.seq);
    const load = this.ports.loads.next();
    const isShort = start.seq === 0 && operationsIn(rows) <= SHORT_HISTORY;
    this.recent.restart(isShort ? 0 : load);
    if (isShort) this.remember(rows, load);
    return this.folded(start, rows);
  }

  private folded({ fold, seq }: Known<S>, rows: readonly JournalRow[]): Known<S> {
    const folded = rows.reduce((before, row) => foldRow(this.type, before, row), fold);
    return { fold: folded, seq: seq + rows.length };
  }

  /** What others have written is known by its rows. */
  private remember(rows: readonly JournalRow[], load: number): void {
    for (const { operations } of rows) for (const id of operations) this.recent.remember(id, { load });
  }

  private async snapshot(): Promise<Known<S>> {
    const kept = await this.ports.journal.loadSnapshot(this.stream);
    if (kept?.foldVersion !== FOLD_VERSION) return { fold: initialFold(this.type), seq: 0 };
    return { fold: JSON.parse(kept.state) as ResourceFold<S>, seq: kept.seq };
  }

  private async saveSnapshot({ fold, seq }: Known<S>): Promise<void> {
    const state = JSON.stringify(fold);
    await this.ports.journal.saveSnapshot({ stream: this.stream, seq, state, foldVersion: FOLD_VERSION });
  }
}

function operationsIn(rows: readonly JournalRow[]): number {
  return rows.reduce((sum, { operations }) => sum + operations.length, 0);
}
