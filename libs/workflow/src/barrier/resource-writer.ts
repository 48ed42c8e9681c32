import type { JsonValue } from '@aura/contracts';
import type { Clock, Journal, JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { LoadCount } from './load-count';
import { judgeOperation } from './judge-operation';
import { FOLD_VERSION, foldRow, foldStood, initialFold } from './resource-fold';
import type { ResourceFold } from './resource-fold';
import { answerTo, bodyOf, standingBehind, stoodIn } from './resource-operation';
import type { Applied, ResourceOperation, RowBody, Stood } from './resource-operation';

/** What all writers of a barrier share. */
export interface WriterPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly loads: LoadCount;
}

interface Waiting {
  readonly operation: ResourceOperation;
  readonly resolve: (applied: Applied) => void;
  readonly reject: (error: unknown) => void;
}

/** A prefix of the journal, folded; what stands never changes, so that it is only ever behind. */
interface Known<S> {
  readonly fold: ResourceFold<S>;
  readonly seq: number;
}

/** What a turn comes to: the fold behind it, how its operations stand from now on, and every answer. */
interface Decided<S> {
  readonly fold: ResourceFold<S>;
  readonly changes: ReadonlyMap<string, Stood>;
  readonly answers: readonly (readonly [Waiting, Applied])[];
}

/** An operation that does not stand yet, and how that one stands which it is about. */
interface Open {
  readonly waiting: Waiting;
  readonly related?: Stood;
}

/** What one operation comes to: its answer, how operations stand from now on, and the fold behind them. */
interface Judged<S> {
  readonly applied: Applied;
  readonly stands: readonly (readonly [string, Stood])[];
  readonly fold: ResourceFold<S>;
}

/** A snapshot is kept every so many rows. */
const SNAPSHOT_EVERY = 200;
/** Most operations of one row. */
const MOST_IN_A_ROW = 200;
/** Operations remembered beside the index, so that a fresh claim need not ask it. */
const REMEMBERED = 4096;

/**
 * Writes one resource's journal for this process: queues the claims, decides many in one row, so that a hot resource
 * costs one append for all that wait. Invariant: an operation stands at most once in the stream; the sequence makes
 * ask-then-append safe against writers elsewhere.
 */
export class ResourceWriter<S> {
  private readonly waiting: Waiting[] = [];
  private readonly recent = new Map<string, Stood>();
  private known: Known<S> | undefined;
  /** Whether others have written behind what is known. */
  private isBehind = false;
  private isWriting = false;
  /** Number of the last load. */
  private loadedAt = 0;

  constructor(
    private readonly ports: WriterPorts,
    private readonly type: ResourceType<S>,
    private readonly id: string,
  ) {}

  /** Whether nothing waits: the writer may be forgotten. */
  get isIdle(): boolean {
    return !this.isWriting && this.waiting.length === 0;
  }

  /** Applies an operation once; whoever asks again gets the stored change. A refusal leaves no row. */
  apply(operation: ResourceOperation): Promise<Applied> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operation, resolve, reject });
      if (!this.isWriting) void this.drain();
    });
  }

  /** The change that an operation made; undefined when it was not applied. */
  async applied(id: string): Promise<JsonValue | undefined> {
    const stood = await this.found(id);
    return stood?.kind === 'applied' ? stood.change : undefined;
  }

  private async found(id: string): Promise<Stood | undefined> {
    const row = await this.ports.journal.findOperation(this.stream, id);
    if (row === undefined) return undefined;
    return stoodIn(JSON.parse(row.body) as RowBody, id);
  }

  private get stream(): string {
    return `${this.type.name}/${this.id}`;
  }

  private async drain(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const turn = this.waiting.splice(0, MOST_IN_A_ROW);
      try {
        await this.write(turn);
      } catch (error) {
        // The outcome of the last append may be unknown: fold anew before the next one.
        this.known = undefined;
        for (const { reject } of turn) reject(error);
      }
    }
    this.isWriting = false;
  }

  /** Decides what is open of the turn, appends one row, and starts again when another writer was first. */
  private async write(turn: readonly Waiting[]): Promise<void> {
    for (;;) {
      const known = await this.newest();
      const open = await this.answerStanding(turn, known.fold);
      const decided = this.decide(open, known.fold);
      if (await this.holds(known, decided)) {
        decided.answers.forEach(([{ resolve }, applied]) => resolve(applied));
        return;
      }
      this.isBehind = true;
    }
  }

  /**
   * Whether the decisions were made on the newest state. Appending proves it; where all is refused nothing is appended,
   * and what another instance wrote since must not be overlooked.
   */
  private async holds(known: Known<S>, decided: Decided<S>): Promise<boolean> {
    if (decided.changes.size > 0) return this.append(known, decided);
    if (decided.answers.length === 0) return true;
    return (await this.ports.journal.head(this.stream)) === known.seq;
  }

  /** Answers what stands already, and returns the rest. */
  private async answerStanding(
    turn: readonly Waiting[],
    { held }: ResourceFold<S>,
  ): Promise<readonly Open[]> {
    // What is still held is not applied yet, so that the index need not be asked.
    const stands = await Promise.all(
      turn.map(async ({ operation }) => {
        const isHeld = held[operation.id] !== undefined;
        return isHeld ? undefined : this.standing(operation);
      }),
    );
    const rest = turn.filter(({ operation, resolve }, n) => {
      const stood = stands[n];
      if (stood !== undefined) resolve(answerTo(operation, stood));
      return stood === undefined;
    });
    return Promise.all(rest.map((waiting) => this.opened(waiting)));
  }

  private async opened(waiting: Waiting): Promise<Open> {
    const { want, ...when } = waiting.operation;
    const related = 'of' in want ? await this.standing({ ...when, id: want.of }) : undefined;
    return related === undefined ? { waiting } : { waiting, related };
  }

  private async standing({
    id,
    asked = 0,
  }: Pick<ResourceOperation, 'id' | 'asked'>): Promise<Stood | undefined> {
    const recent = this.recent.get(id);
    return recent !== undefined || this.loadedAt <= asked ? recent : this.found(id);
  }

  private decide(open: readonly Open[], from: ResourceFold<S>): Decided<S> {
    let fold = from;
    const changes = new Map<string, Stood>();
    const answers: [Waiting, Applied][] = [];
    for (const one of open) {
      const { operation } = one.waiting;
      const repeated = changes.get(operation.id);
      if (repeated !== undefined) {
        answers.push([one.waiting, answerTo(operation, repeated)]);
        continue;
      }
      const judged = this.judgedAlone(one, changes, fold);
      if (judged === undefined) continue;
      answers.push([one.waiting, judged.applied]);
      for (const [id, stood] of judged.stands) changes.set(id, stood);
      ({ fold } = judged);
    }
    return { fold, changes, answers };
  }

  /** An operation that its type cannot judge fails alone: those that share its row are not to suffer. */
  private judgedAlone(
    { waiting, related }: Open,
    changes: ReadonlyMap<string, Stood>,
    fold: ResourceFold<S>,
  ): Judged<S> | undefined {
    const { operation, reject } = waiting;
    const { want } = operation;
    const about = 'of' in want ? (changes.get(want.of) ?? related) : undefined;
    try {
      const applied = judgeOperation({ type: this.type, id: this.id, fold }, operation, about);
      const stands = standingBehind(operation, applied);
      const behind = stands.reduce((folded, one) => foldStood(this.type, folded, one), fold);
      return { applied, stands, fold: behind };
    } catch (error) {
      reject(error);
      return undefined;
    }
  }

  private async append(known: Known<S>, decided: Decided<S>): Promise<boolean> {
    const seq = known.seq + 1;
    const [result] = await this.ports.journal.append([
      {
        stream: this.stream,
        seq,
        at: this.ports.clock.now(),
        operations: [...decided.changes.keys()],
        body: JSON.stringify(bodyOf(decided.changes)),
      },
    ]);
    if (result !== 'appended') return false;
    this.known = { fold: decided.fold, seq };
    decided.changes.forEach((stood, id) => this.remember(id, stood));
    if (seq % SNAPSHOT_EVERY === 0)
      await this.ports.journal.saveSnapshot({
        stream: this.stream,
        seq,
        state: JSON.stringify(decided.fold),
        foldVersion: FOLD_VERSION,
      });
    return true;
  }

  /** What the journal folds to now; behind a lost race only what came since is read. */
  private async newest(): Promise<Known<S>> {
    if (this.known !== undefined && !this.isBehind) return this.known;
    const { known } = this;
    const rows = known === undefined ? [] : await this.ports.journal.read(this.stream, known.seq);
    // A race that was lost to nothing: an older store was brought back under this process.
    this.known = known === undefined || rows.length === 0 ? await this.anew() : this.behind(known, rows);
    this.isBehind = false;
    this.loadedAt = this.ports.loads.next();
    return this.known;
  }

  private async anew(): Promise<Known<S>> {
    const start = await this.snapshot();
    return this.behind(start, await this.ports.journal.read(this.stream, start.seq));
  }

  private behind({ fold, seq }: Known<S>, rows: readonly JournalRow[]): Known<S> {
    const folded = rows.reduce((before, row) => foldRow(this.type, before, row), fold);
    return { fold: folded, seq: seq + rows.length };
  }

  private async snapshot(): Promise<Known<S>> {
    const kept = await this.ports.journal.loadSnapshot(this.stream);
    if (kept?.foldVersion !== FOLD_VERSION) return { fold: initialFold(this.type), seq: 0 };
    return { fold: JSON.parse(kept.state) as ResourceFold<S>, seq: kept.seq };
  }

  private remember(id: string, stood: Stood): void {
    this.recent.set(id, stood);
    if (this.recent.size <= REMEMBERED) return;
    const [oldest] = this.recent.keys();
    if (oldest !== undefined) this.recent.delete(oldest);
  }
}
