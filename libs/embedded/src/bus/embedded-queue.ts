import type { QueueDeclaration, QueueKind } from '@aura/messaging';
import { Fifo } from './fifo';
import type { Message } from './message';
import { Unit } from './unit';

/** Reads further messages of a queue from the file. */
export interface QueueReader {
  /** Messages of the queue behind a position, in order, at most so many and about so many bytes. */
  page(queue: EmbeddedQueue, afterSeq: number, most: { count: number; bytes: number }): readonly Message[];
}

/** Who takes units out of a queue. */
export interface QueueConsumer {
  /** How many more units it takes now. */
  readonly room: number;
  /** It has nothing in hand. */
  readonly isIdle: boolean;
  /** Takes a unit, to be shown to its handler behind the commit. */
  take(unit: Unit): void;
}

/** A unit as the queue's row keeps it: position, returns, and whether it was in hand. */
export type HeldRow = number | readonly [seq: number, returns: number, inHand: 0 | 1];

/** Most bytes of a queue's waiting messages in memory: 16 MiB. */
const WINDOW_BYTES = 16 * 1024 * 1024;
const PAGE = 256;

/**
 * One queue: a cursor over the table of events.
 *
 * Everything up to `high` was handed out at least once; of that, `held` lists what is not settled, in hand or waiting
 * to come again. Behind `high` wait the messages never handed out: the first ones in memory, the others in the file
 * alone. The row of a queue is `high` and `held`; it is written with every turn that changed it.
 * Invariant: a message is handed out only after a commit whose row lists it as held.
 */
export class EmbeddedQueue {
  readonly name: string;
  readonly kind: QueueKind;
  readonly maxLength: number | undefined;
  readonly consumers: QueueConsumer[] = [];
  /** Messages of the running transaction. */
  staged = 0;
  /** It was removed with its client. */
  isGone = false;
  #high = 0;
  readonly #held = new Map<number, Unit>();
  readonly #returned: Unit[] = [];
  readonly #fresh = new Fifo<Message>();
  #freshBytes = 0;
  /** Messages in the file alone, and the position of the last one that came into memory. */
  #behind = 0;
  #lastSeq = 0;

  constructor(
    /** Number in the file. */
    readonly id: number,
    declaration: QueueDeclaration,
    private readonly reader: QueueReader,
    private readonly window: number,
  ) {
    this.name = declaration.queue;
    this.kind = declaration.kind;
    this.maxLength = declaration.maxLength;
  }

  get isDurable(): boolean {
    return this.kind !== 'subscriber';
  }

  get takesBatches(): boolean {
    return this.kind === 'tracker';
  }

  /** Messages that wait, staged ones too. */
  get waiting(): number {
    return this.#returned.length + this.#fresh.length + this.#behind + this.staged;
  }

  /** Messages that wait and that are in hand. */
  get depth(): number {
    return this.#held.size + this.#fresh.length + this.#behind;
  }

  /** Whether the next one to hand out may be what kills consumers; undefined when nothing waits. */
  get next(): 'plain' | 'suspect' | undefined {
    const returned = this.#returned[0];
    if (returned) return returned.isSuspect ? 'suspect' : 'plain';
    return this.#fresh.length + this.#behind > 0 ? 'plain' : undefined;
  }

  /** Whether the queue has done with a message of its own. */
  hasSettled(seq: number): boolean {
    return this.isGone || (seq <= this.#high && !this.#held.has(seq));
  }

  /** Takes a new message; its position is the highest of all. */
  offer(message: Message): void {
    if (this.#behind > 0 || this.#isFull()) this.#behind += 1;
    else this.#keep(message);
  }

  /** Takes back all offers of a turn that was rolled back: positions from `firstSeq` on, of which `count` were offered. */
  withdraw(firstSeq: number, count: number): void {
    let left = count;
    for (const seq of [...this.#held.keys()].filter((one) => one >= firstSeq)) {
      this.#held.delete(seq);
      left -= 1;
    }
    const kept = this.#returned.filter(({ message }) => message.seq < firstSeq);
    this.#returned.splice(0, this.#returned.length, ...kept);
    for (; (this.#fresh.last()?.seq ?? 0) >= firstSeq; left -= 1)
      this.#freshBytes -= this.#fresh.pop()?.size ?? 0;
    this.#behind -= left;
  }

  /** The next unit to hand out; returned ones come first. */
  take(): Unit | undefined {
    const returned = this.#returned.shift();
    if (returned) return returned;
    const message = this.#nextFresh();
    if (!message) return undefined;
    const unit = new Unit(this, message, 0, false);
    this.#held.set(message.seq, unit);
    this.#high = message.seq;
    return unit;
  }

  /** A unit was taken in a turn that was rolled back: nobody has seen it. */
  untake(unit: Unit): void {
    unit.disown();
    this.#returned.unshift(unit);
  }

  /** A unit is done for good. */
  settle(unit: Unit): void {
    this.#held.delete(unit.message.seq);
  }

  /** A unit waits to come again, before all that were never handed out. */
  takeBack(unit: Unit, returns: number): Unit {
    const again = this.park(unit, returns);
    this.#returned.push(again);
    return again;
  }

  /** A unit stays with the queue without being handed out again. */
  park({ message }: Unit, returns: number): Unit {
    const again = new Unit(this, message, returns, true);
    this.#held.set(message.seq, again);
    return again;
  }

  /** What the queue's row holds. */
  row(): { readonly high: number; readonly held: readonly HeldRow[] } {
    const held: HeldRow[] = [];
    for (const [seq, unit] of this.#held) {
      held.push(unit.isInHand && unit.returns === 0 ? seq : [seq, unit.returns, unit.isInHand ? 1 : 0]);
    }
    return { high: this.#high, held };
  }

  /** Puts the queue where its row says; `behind` messages wait in the file. */
  restore(high: number, behind: number): void {
    this.#high = high;
    this.#lastSeq = high;
    this.#behind = behind;
  }

  /** All messages that are in memory, for the clearing up behind a queue that goes. */
  messages(): readonly Message[] {
    const fresh: Message[] = [];
    for (let message = this.#fresh.shift(); message; message = this.#fresh.shift()) fresh.push(message);
    return [...[...this.#held.values()].map(({ message }) => message), ...fresh];
  }

  get hasMoreInFile(): boolean {
    return this.#behind > 0;
  }

  #nextFresh(): Message | undefined {
    if (this.#fresh.length === 0 && this.#behind > 0) this.#load();
    const message = this.#fresh.shift();
    if (message) this.#freshBytes -= message.size;
    return message;
  }

  #load(): void {
    const most = { count: Math.min(PAGE, this.window), bytes: WINDOW_BYTES };
    const page = this.reader.page(this, this.#lastSeq, most);
    page.forEach((message) => this.#keep(message));
    this.#behind = page.length === 0 ? 0 : this.#behind - page.length;
  }

  #keep(message: Message): void {
    this.#fresh.push(message);
    this.#freshBytes += message.size;
    this.#lastSeq = message.seq;
  }

  #isFull(): boolean {
    return this.#fresh.length >= this.window || this.#freshBytes >= WINDOW_BYTES;
  }
}
