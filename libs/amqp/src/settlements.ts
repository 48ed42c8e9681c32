import type { Channel, ConsumeMessage } from 'amqplib';
import type { Duplex } from 'node:stream';
import { writeTogether } from './socket';

interface Open {
  readonly message: ConsumeMessage;
  isAcked: boolean;
}

/**
 * The unsettled messages of one channel. Acks of one turn go out together, and as one frame where everything up to
 * a message is done. When the channel is gone, the broker has them all back: settling is then harmless.
 */
export class Settlements {
  /** By delivery tag, oldest first. */
  readonly #open = new Map<number, Open>();
  readonly #channel: Channel;
  readonly #socket: Duplex | undefined;
  #dirty: number[] = [];
  #isFlushDue = false;
  #isDead = false;

  constructor(channel: Channel, socket: Duplex | undefined) {
    this.#channel = channel;
    this.#socket = socket;
  }

  /** Messages that the broker counts as unsettled. */
  get size(): number {
    return this.#open.size;
  }

  /** A message arrived. */
  open(message: ConsumeMessage): void {
    this.#open.set(message.fields.deliveryTag, { message, isAcked: false });
  }

  /** Done for good; told to the broker at the end of the turn. */
  ack(tag: number): void {
    const open = this.#open.get(tag);
    if (this.#isDead || !open) return;
    open.isAcked = true;
    this.#dirty.push(tag);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      writeTogether(this.#socket, () => this.flush());
    });
  }

  /** Back to its queue, at once. */
  giveBack(tag: number): void {
    const open = this.#open.get(tag);
    if (this.#isDead || !open || open.isAcked) return;
    this.#open.delete(tag);
    this.#channel.nack(open.message, false, true);
  }

  /** Everything that is not acked goes back. */
  giveBackAll(): void {
    for (const tag of [...this.#open.keys()]) this.giveBack(tag);
  }

  /** Tells the broker what was acked so far. */
  flush(): void {
    if (this.#isDead || this.#dirty.length === 0) return;
    this.#ackPrefix();
    for (const tag of this.#dirty) {
      const open = this.#open.get(tag);
      if (!open) continue;
      this.#open.delete(tag);
      this.#channel.ack(open.message, false);
    }
    this.#dirty = [];
  }

  /** Invariant: the tag of a cumulative ack is itself unsettled, else the broker closes the channel. */
  #ackPrefix(): void {
    let last: Open | undefined;
    let count = 0;
    for (const [tag, open] of this.#open) {
      if (!open.isAcked) break;
      this.#open.delete(tag);
      last = open;
      count += 1;
    }
    if (last) this.#channel.ack(last.message, count > 1);
  }

  /** The channel is gone. */
  die(): void {
    this.#isDead = true;
    this.#open.clear();
    this.#dirty = [];
  }
}
