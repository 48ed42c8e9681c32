import type { JsonValue } from '@aura/contracts';
import { PayloadTooLargeError } from '@aura/kernel';
import type { Clock, JournalRow } from '@aura/kernel';
import type { TellingJournal, TellingResult } from '@aura/messaging';
import type { ResourceType } from '../participant/action';
import { decideTurn } from './decide-turn';
import type { Decided, Framing, Open, Waiting } from './decide-turn';
import { rowsAround } from './frame';
import type { Frame, Framed } from './frame';
import type { ResourceFold } from './resource-fold';
import { ResourceMemory } from './resource-memory';
import type { Known, MemoryPorts } from './resource-memory';
import { answerTo, bodyOf } from './resource-operation';
import type { Applied, ResourceOperation, Stood } from './resource-operation';

/** What all writers of a barrier share. */
export interface WriterPorts extends MemoryPorts {
  readonly clock: Clock;
  /** The same journal, for rows that say something. */
  readonly telling: TellingJournal;
}

/** Most operations of one row. */
const MOST_IN_A_ROW = 200;

/**
 * Writes one resource's journal for this process: queues the claims, decides many in one row, so that a hot resource
 * costs one append for all that wait. Invariant: an operation stands at most once in the stream; the sequence makes
 * ask-then-append safe against writers elsewhere.
 */
export class ResourceWriter<S> {
  private readonly waiting: Waiting[] = [];
  private readonly memory: ResourceMemory<S>;
  private readonly stream: string;
  private isWriting = false;

  constructor(
    private readonly ports: WriterPorts,
    private readonly type: ResourceType<S>,
    private readonly id: string,
  ) {
    this.stream = `${type.name}/${id}`;
    this.memory = new ResourceMemory(ports, type, this.stream);
  }

  /** Whether nothing waits: the writer may be forgotten. Whoever comes back to it then is to the next one like another instance. */
  get isIdle(): boolean {
    return !this.isWriting && this.waiting.length === 0;
  }

  /** Applies an operation once; whoever asks again gets the stored change. A refusal leaves no row. */
  apply(operation: ResourceOperation): Promise<Applied> {
    return new Promise((resolve, reject) => this.wait({ operation, resolve, reject }));
  }

  /** Applies an operation once, with rows around its own. While others are written its row in front need not wait for them. */
  async applyFramed(operation: ResourceOperation, frame: Frame): Promise<Framed> {
    const { before, behind } = frame;
    if (before === undefined || !this.isWriting) return this.framed(operation, frame);
    if (!(await this.placed(before))) return { kind: 'taken' };
    return this.framed(operation, behind === undefined ? {} : { behind });
  }

  private framed(operation: ResourceOperation, frame: Frame): Promise<Framed> {
    return new Promise((resolve, reject) => {
      const taken = (): void => resolve({ kind: 'taken' });
      const answered = (applied: Applied, behind?: TellingResult): void =>
        resolve({ kind: 'answered', applied, ...(behind === undefined ? {} : { behind }) });
      const hasRows = frame.before !== undefined || frame.behind !== undefined;
      this.wait({ operation, resolve: answered, reject, ...(hasRows && { frame: { ...frame, taken } }) });
    });
  }

  private wait(one: Waiting): void {
    this.waiting.push(one);
    if (!this.isWriting) void this.drain();
  }

  /** The change that an operation made; undefined when it was not applied. */
  async applied(id: string): Promise<JsonValue | undefined> {
    const stood = await this.memory.found(id);
    return stood?.kind === 'applied' ? stood.change : undefined;
  }

  private async drain(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const turn = this.waiting.splice(0, MOST_IN_A_ROW);
      try {
        await this.write(turn);
      } catch (error) {
        // The outcome of the last append may be unknown: fold anew before the next one. Of what is too large nothing was appended.
        if (!(error instanceof PayloadTooLargeError)) this.memory.forget();
        for (const { reject } of turn) reject(error);
      }
    }
    this.isWriting = false;
  }

  /** Decides what is open of the turn, appends one row, and starts again when another writer was first. */
  private async write(turn: readonly Waiting[]): Promise<void> {
    const [only] = turn;
    const all =
      only?.frame !== undefined && turn.length === 1 ? await this.writeInOrder(only, only.frame) : turn;
    while (all.length > 0) {
      const known = await this.memory.newest();
      const open = await this.answerStanding(all, known.fold);
      const decided = this.decide(open, known.fold);
      if (await this.holds(known, decided)) {
        decided.answers.forEach(([{ resolve }, applied]) => resolve(applied));
        return;
      }
      this.memory.fallBehind();
    }
  }

  /**
   * All rows of an operation in one call, where it will be applied; answers what is left to be done one after the other. An
   * operation that stands is looked for as ever: a row in front may be the same write as another instance's.
   */
  private async writeInOrder(one: Waiting, frame: Framing): Promise<readonly Waiting[]> {
    const known = await this.memory.newest();
    const stood = await this.stoodOf(one, known.fold);
    if (stood !== undefined) return this.answered(one, frame, stood);
    const decided = this.judged([await this.opened(one)], known.fold);
    const [[, applied] = []] = decided.answers;
    if (applied?.kind !== 'applied') return this.behindFront(one, frame);
    const { front, last } = rowsAround(frame, applied.change);
    const rows = [...front, { row: this.rowOf(known, decided), publish: [] }, ...last];
    if (rows.length === 1) return [one];
    const [result, said] = (await this.ports.telling.appendInOrder(rows)).slice(front.length);
    if (result === 'conflict') {
      this.memory.fallBehind();
      return [one];
    }
    if (result === undefined) frame.taken();
    else {
      await this.memory.written(known, decided);
      one.resolve(applied, said);
    }
    return [];
  }

  /** What is left to be done of an operation behind the row in front of it, if there is one: nothing where that has lost its place. */
  private async behindFront(one: Waiting, { before, taken }: Framing): Promise<readonly Waiting[]> {
    if (before === undefined || (await this.placed(before))) return [one];
    taken();
    return [];
  }

  /** An operation that stands, behind the row in front of it: nothing is left to be done. */
  private async answered(one: Waiting, frame: Framing, stood: Stood): Promise<readonly Waiting[]> {
    for (const { resolve, operation } of await this.behindFront(one, frame))
      resolve(answerTo(operation, stood));
    return [];
  }

  private async placed(row: JournalRow): Promise<boolean> {
    const [result] = await this.ports.journal.append([row]);
    return result !== 'conflict';
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
  private async answerStanding(turn: readonly Waiting[], fold: ResourceFold<S>): Promise<readonly Open[]> {
    const stands = await Promise.all(turn.map((one) => this.stoodOf(one, fold)));
    const rest = turn.filter(({ operation, resolve }, n) => {
      const stood = stands[n];
      if (stood !== undefined) resolve(answerTo(operation, stood));
      return stood === undefined;
    });
    return Promise.all(rest.map((waiting) => this.opened(waiting)));
  }

  /** How an operation stands; what is still held is not applied yet, so that the index need not be asked. */
  private async stoodOf({ operation }: Waiting, { held }: ResourceFold<S>): Promise<Stood | undefined> {
    return held[operation.id] === undefined ? this.memory.standing(operation) : undefined;
  }

  private async opened(waiting: Waiting): Promise<Open> {
    const { want, ...when } = waiting.operation;
    const related = 'of' in want ? await this.memory.standing({ ...when, id: want.of }) : undefined;
    return related === undefined ? { waiting } : { waiting, related };
  }

  /** An operation that its type cannot judge fails alone: those that share its row are not to suffer. */
  private decide(open: readonly Open[], from: ResourceFold<S>): Decided<S> {
    const decided = this.judged(open, from);
    for (const [{ reject }, error] of decided.failures) reject(error);
    return decided;
  }

  private judged(open: readonly Open[], fold: ResourceFold<S>): Decided<S> {
    return decideTurn({ type: this.type, id: this.id, fold }, open);
  }

  private async append(known: Known<S>, decided: Decided<S>): Promise<boolean> {
    const [result] = await this.ports.journal.append([this.rowOf(known, decided)]);
    if (result !== 'appended') return false;
    await this.memory.written(known, decided);
    return true;
  }

  private rowOf(known: Known<S>, { changes }: Decided<S>): JournalRow {
    return {
      stream: this.stream,
      seq: known.seq + 1,
      at: this.ports.clock.now(),
      operations: [...changes.keys()],
      body: JSON.stringify(bodyOf(changes)),
    };
  }
}
