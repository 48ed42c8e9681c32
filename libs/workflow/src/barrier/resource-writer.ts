import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { Clock, Journal, JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';

/** What a claim made of one resource: the change, or the refusal. */
export type Applied =
  | { readonly kind: 'applied'; readonly change: JsonValue }
  | { readonly kind: 'refused'; readonly error: Pick<ErrorRecord, 'code' | 'message' | 'help'> };

/** One operation on a resource. */
export interface ResourceOperation {
  readonly id: string;
  /**
   * The writer's `loads` from before the operation's claim was appended, when this call appended it. As long as
   * nothing was loaded since, whoever applied it must be in this writer's memory, and the index need not be asked.
   */
  readonly loadsBeforeClaim?: number;
  readonly want:
    | { readonly kind: 'claim'; readonly amount: JsonValue }
    | { readonly kind: 'reverse'; readonly change: JsonValue };
}

interface Waiting {
  readonly operation: ResourceOperation;
  readonly resolve: (applied: Applied) => void;
  readonly reject: (error: unknown) => void;
}

interface RowBody {
  readonly changes: Readonly<Record<string, JsonValue>>;
}

interface Known<S> {
  readonly state: S;
  readonly seq: number;
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
  private readonly recent = new Map<string, JsonValue>();
  private known: Known<S> | undefined;
  private isWriting = false;
  private loaded = 0;

  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly type: ResourceType<S>,
    private readonly id: string,
  ) {}

  /** How often the state was folded from the store. */
  get loads(): number {
    return this.loaded;
  }

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
      const known = this.known ?? (await this.load());
      const open = await this.answerStanding(turn);
      const decided = this.decide(open, known.state);
      if (decided.changes.size > 0 && !(await this.append(known, decided))) {
        this.known = undefined;
        continue;
      }
      decided.answers.forEach(([{ resolve }, applied]) => resolve(applied));
      return;
    }
  }

  /** Answers what was applied before, and returns the rest. */
  private async answerStanding(turn: readonly Waiting[]): Promise<readonly Waiting[]> {
    const open: Waiting[] = [];
    for (const waiting of turn) {
      const change = await this.standing(waiting.operation);
      if (change === undefined) open.push(waiting);
      else waiting.resolve({ kind: 'applied', change });
    }
    return open;
  }

  private async standing(operation: ResourceOperation): Promise<JsonValue | undefined> {
    const recent = this.recent.get(operation.id);
    if (recent !== undefined || operation.loadsBeforeClaim === this.loaded) return recent;
    const row = await this.journal.findOperation(this.stream, operation.id);
    return row === undefined ? undefined : (JSON.parse(row.body) as RowBody).changes[operation.id];
  }

  private decide(open: readonly Waiting[], from: S) {
    let state = from;
    const changes = new Map<string, JsonValue>();
    const answers: [Waiting, Applied][] = [];
    for (const waiting of open) {
      const { id } = waiting.operation;
      const repeated = changes.get(id);
      const applied: Applied =
        repeated === undefined ? this.judge(waiting.operation, state) : { kind: 'applied', change: repeated };
      answers.push([waiting, applied]);
      if (applied.kind === 'refused' || repeated !== undefined) continue;
      changes.set(id, applied.change);
      state = this.type.evolve(state, applied.change);
    }
    return { state, changes, answers };
  }

  private judge({ want }: ResourceOperation, state: S): Applied {
    if (want.kind === 'reverse') return { kind: 'applied', change: this.type.reverse(want.change) };
    const verdict = this.type.decide(state, want.amount, this.id);
    return 'refused' in verdict
      ? { kind: 'refused', error: verdict.refused }
      : { kind: 'applied', change: verdict.change };
  }

  private async append(
    known: Known<S>,
    decided: { readonly state: S; readonly changes: ReadonlyMap<string, JsonValue> },
  ): Promise<boolean> {
    const seq = known.seq + 1;
    const [result] = await this.journal.append([
      {
        stream: this.stream,
        seq,
        at: this.clock.now(),
        operations: [...decided.changes.keys()],
        body: JSON.stringify({ changes: Object.fromEntries(decided.changes) } satisfies RowBody),
      },
    ]);
    if (result !== 'appended') return false;
    this.known = { state: decided.state, seq };
    decided.changes.forEach((change, id) => this.remember(id, change));
    if (seq % SNAPSHOT_EVERY === 0)
      await this.journal.saveSnapshot({
        stream: this.stream,
        seq,
        state: JSON.stringify(decided.state),
        foldVersion: 1,
      });
    return true;
  }

  private async load(): Promise<Known<S>> {
    this.loaded += 1;
    const snapshot = await this.journal.loadSnapshot(this.stream);
    const usable = snapshot?.foldVersion === 1 ? snapshot : undefined;
    const rows = await this.journal.read(this.stream, usable?.seq ?? 0);
    const start = usable === undefined ? this.type.initial : (JSON.parse(usable.state) as S);
    const state = rows.reduce((folded, row) => this.fold(folded, row), start);
    this.known = { state, seq: (usable?.seq ?? 0) + rows.length };
    return this.known;
  }

  private fold(state: S, row: JournalRow): S {
    const { changes } = JSON.parse(row.body) as RowBody;
    return Object.values(changes).reduce<S>((folded, change) => this.type.evolve(folded, change), state);
  }

  private remember(id: string, change: JsonValue): void {
    this.recent.set(id, change);
    if (this.recent.size <= REMEMBERED) return;
    const [oldest] = this.recent.keys();
    if (oldest !== undefined) this.recent.delete(oldest);
  }
}
