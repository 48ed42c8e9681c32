import type { ErrorRecord, JsonValue } from '@aura/contracts';
import type { Clock, Journal, JournalRow } from '@aura/kernel';
import type { ResourceType } from '../participant/action';
import type { LoadCount } from './load-count';

/** What a claim made of one resource: the change, or the refusal. */
export type Applied =
  | { readonly kind: 'applied'; readonly change: JsonValue }
  | { readonly kind: 'refused'; readonly error: Pick<ErrorRecord, 'code' | 'message' | 'help'> };

/** One operation on a resource. */
export interface ResourceOperation {
  readonly id: string;
  /**
   * The count of loads from before the step of this operation was found without a claim, given by the call that
   * appended the claim. As long as this writer loaded nothing since, whoever applied the operation must be in its
   * memory, and the index need not be asked.
   */
  readonly asked?: number;
  readonly want:
    | { readonly kind: 'claim'; readonly amount: JsonValue }
    | { readonly kind: 'reverse'; readonly change: JsonValue };
}

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

interface RowBody {
  readonly changes: Readonly<Record<string, JsonValue>>;
}

interface Known<S> {
  readonly state: S;
  readonly seq: number;
}

/** What a turn comes to: the state behind it, its changes by operation, and every answer. */
interface Decided<S> {
  readonly state: S;
  readonly changes: ReadonlyMap<string, JsonValue>;
  readonly answers: readonly (readonly [Waiting, Applied])[];
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
    const row = await this.ports.journal.findOperation(this.stream, id);
    return row === undefined ? undefined : (JSON.parse(row.body) as RowBody).changes[id];
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
      if (await this.holds(known, decided)) {
        decided.answers.forEach(([{ resolve }, applied]) => resolve(applied));
        return;
      }
      this.known = undefined;
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

  /** Answers what was applied before, and returns the rest. */
  private async answerStanding(turn: readonly Waiting[]): Promise<readonly Waiting[]> {
    const changes = await Promise.all(turn.map(({ operation }) => this.standing(operation)));
    return turn.filter(({ resolve }, n) => {
      const change = changes[n];
      if (change !== undefined) resolve({ kind: 'applied', change });
      return change === undefined;
    });
  }

  private async standing({ id, asked = 0 }: ResourceOperation): Promise<JsonValue | undefined> {
    const recent = this.recent.get(id);
    return recent !== undefined || this.loadedAt <= asked ? recent : this.applied(id);
  }

  private decide(open: readonly Waiting[], from: S): Decided<S> {
    let state = from;
    const changes = new Map<string, JsonValue>();
    const answers: [Waiting, Applied][] = [];
    for (const waiting of open) {
      const { id } = waiting.operation;
      const repeated = changes.get(id);
      if (repeated !== undefined) {
        answers.push([waiting, { kind: 'applied', change: repeated }]);
        continue;
      }
      const judged = this.judgedAlone(waiting, state);
      if (judged === undefined) continue;
      answers.push([waiting, judged.applied]);
      if (judged.applied.kind === 'applied') changes.set(id, judged.applied.change);
      state = judged.state;
    }
    return { state, changes, answers };
  }

  /** An operation that its type cannot judge fails alone: those that share its row are not to suffer. */
  private judgedAlone(
    { operation, reject }: Waiting,
    state: S,
  ): { readonly applied: Applied; readonly state: S } | undefined {
    try {
      const applied = this.judge(operation, state);
      return applied.kind === 'refused'
        ? { applied, state }
        : { applied, state: this.type.evolve(state, applied.change) };
    } catch (error) {
      reject(error);
      return undefined;
    }
  }

  private judge({ want }: ResourceOperation, state: S): Applied {
    if (want.kind === 'reverse') return { kind: 'applied', change: this.type.reverse(want.change) };
    const verdict = this.type.decide(state, want.amount, this.id);
    return 'refused' in verdict
      ? { kind: 'refused', error: verdict.refused }
      : { kind: 'applied', change: verdict.change };
  }

  private async append(known: Known<S>, decided: Decided<S>): Promise<boolean> {
    const seq = known.seq + 1;
    const [result] = await this.ports.journal.append([
      {
        stream: this.stream,
        seq,
        at: this.ports.clock.now(),
        operations: [...decided.changes.keys()],
        body: JSON.stringify({ changes: Object.fromEntries(decided.changes) } satisfies RowBody),
      },
    ]);
    if (result !== 'appended') return false;
    this.known = { state: decided.state, seq };
    decided.changes.forEach((change, id) => this.remember(id, change));
    if (seq % SNAPSHOT_EVERY === 0)
      await this.ports.journal.saveSnapshot({
        stream: this.stream,
        seq,
        state: JSON.stringify(decided.state),
        foldVersion: 1,
      });
    return true;
  }

  private async load(): Promise<Known<S>> {
    const { journal, loads } = this.ports;
    const snapshot = await journal.loadSnapshot(this.stream);
    const usable = snapshot?.foldVersion === 1 ? snapshot : undefined;
    const rows = await journal.read(this.stream, usable?.seq ?? 0);
    const start = usable === undefined ? this.type.initial : (JSON.parse(usable.state) as S);
    const state = rows.reduce((folded, row) => this.fold(folded, row), start);
    this.known = { state, seq: (usable?.seq ?? 0) + rows.length };
    this.loadedAt = loads.next();
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
