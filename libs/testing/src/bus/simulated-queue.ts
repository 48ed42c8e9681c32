import type { QueueDeclaration, QueueKind } from '@aura/messaging';
import type { Message } from './message';

/** Who takes from a queue. */
export interface Taker {
  /** How many messages it can take now. */
  readonly room: number;
  take(messages: readonly Message[]): void;
}

/** One queue at the broker; `C` is what consumes it. */
export class SimulatedQueue<C extends Taker = Taker> {
  readonly consumers: C[] = [];
  /** Messages that wait, the next one last. */
  #ready: Message[] = [];
  #incoming: Message[] = [];
  /** Messages on their way here, by delay or network. */
  coming = 0;
  /** Messages handed out and not settled. */
  inHand = 0;
  isScheduled = false;
  #turn = 0;

  constructor(readonly declaration: QueueDeclaration) {}

  get name(): string {
    return this.declaration.queue;
  }

  get kind(): QueueKind {
    return this.declaration.kind;
  }

  get takesBatches(): boolean {
    return this.kind === 'tracker' || this.kind === 'crashed';
  }

  get waiting(): number {
    return this.#ready.length + this.#incoming.length;
  }

  /** Puts a message behind all others. */
  push(message: Message): void {
    this.#incoming.push(message);
  }

  /** Puts a message before all others: it was there before. */
  putBack(message: Message): void {
    message.isRedelivered = true;
    this.#ready.push(message);
  }

  /** Hands out what its consumers have room for, in turn. */
  dispatch(): void {
    const { consumers } = this;
    let tired = 0;
    while (this.waiting > 0 && tired < consumers.length) {
      this.#turn = (this.#turn + 1) % consumers.length;
      const consumer = consumers[this.#turn];
      if (consumer === undefined || consumer.room <= 0) {
        tired += 1;
        continue;
      }
      tired = 0;
      consumer.take(this.#share(consumer));
    }
  }

  /** What is not handed out. */
  drain(): readonly Message[] {
    const all = [...this.#ready.reverse(), ...this.#incoming];
    this.#ready = [];
    this.#incoming = [];
    return all;
  }

  /** A fair share of what waits; a suspect goes alone. */
  #share(consumer: C): readonly Message[] {
    const most = Math.min(consumer.room, Math.ceil(this.waiting / this.consumers.length));
    const share: Message[] = [];
    while (share.length < most) {
      const next = this.#peek();
      if (next === undefined || (next.isSuspect && share.length > 0)) break;
      this.#ready.pop();
      share.push(next);
      if (next.isSuspect) break;
    }
    return share;
  }

  #peek(): Message | undefined {
    if (this.#ready.length === 0) {
      this.#ready = this.#incoming.reverse();
      this.#incoming = [];
    }
    return this.#ready.at(-1);
  }
}
