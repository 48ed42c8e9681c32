import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import type { Duplex } from 'node:stream';
import type { Copy } from './copy';
import { socketOf, writeTogether } from './socket';
import { declareExchanges } from './topology';

/** What became of a copy: confirmed, confirmed but no queue took it, or refused by a queue. */
export type Outcome = 'safe' | 'returned' | 'refused';

/** What the publisher hears of its channel. */
export interface PublishingOwner {
  settled(copy: Copy, outcome: Outcome): void;
  /** The channel is gone; nothing more comes of it. */
  lost(reason: string): void;
  /** There is room to write again. */
  drained(): void;
}

/** A channel in confirm mode: writes copies, knows which are unconfirmed, and tells what became of each. */
export class PublishingChannel {
  /** Unconfirmed copies by delivery tag, oldest first. */
  readonly #inFlight = new Map<number, Copy>();
  readonly #channel: ConfirmChannel;
  readonly #socket: Duplex | undefined;
  readonly #owner: PublishingOwner;
  #lastTag = 0;
  #isCongested = false;

  private constructor(channel: ConfirmChannel, socket: Duplex | undefined, owner: PublishingOwner) {
    this.#channel = channel;
    this.#socket = socket;
    this.#owner = owner;
    let reason = 'the publishing channel closed';
    channel.on('error', (error) => (reason = error.message));
    channel.on('close', () => owner.lost(reason));
    channel.on('ack', ({ deliveryTag, multiple }) => this.#confirm(deliveryTag, multiple, 'safe'));
    channel.on('nack', ({ deliveryTag, multiple }) => this.#confirm(deliveryTag, multiple, 'refused'));
    channel.on('return', (message) => this.#markReturned(message));
    channel.on('drain', () => {
      this.#isCongested = false;
      owner.drained();
    });
  }

  /** Opens a channel with confirms on a fresh connection; declares the exchanges. */
  static async open(model: ChannelModel, owner: PublishingOwner): Promise<PublishingChannel> {
    const channel = await model.createConfirmChannel();
    await declareExchanges(channel);
    return new PublishingChannel(channel, socketOf(model), owner);
  }

  /** Writes copies in one go; answers how many: fewer when the connection takes no more for now. */
  send(copies: readonly Copy[], now: number): number {
    let sent = 0;
    writeTogether(this.#socket, () => {
      while (sent < copies.length && !this.#isCongested) {
        const copy = copies[sent];
        if (copy) this.#write(copy, now);
        sent += 1;
      }
    });
    return sent;
  }

  #write(copy: Copy, now: number): void {
    const isRoomLeft = this.#channel.publish(copy.exchange, copy.key, copy.content, copy.options);
    this.#lastTag += 1;
    copy.sentAt = now;
    copy.isReturned = false;
    this.#inFlight.set(this.#lastTag, copy);
    if (!isRoomLeft) this.#isCongested = true;
  }

  #confirm(tag: number, isMultiple: boolean, outcome: Outcome): void {
    if (!isMultiple) {
      this.#settle(tag, outcome);
      return;
    }
    for (const earlier of this.#inFlight.keys()) {
      if (earlier > tag) break;
      this.#settle(earlier, outcome);
    }
  }

  #settle(tag: number, outcome: Outcome): void {
    const copy = this.#inFlight.get(tag);
    if (!copy) return;
    this.#inFlight.delete(tag);
    this.#owner.settled(copy, outcome === 'safe' && copy.isReturned ? 'returned' : outcome);
  }

  /** The broker returns a message just before it confirms it, and in the order of writing. */
  #markReturned({ fields, properties }: Message): void {
    for (const copy of this.#inFlight.values()) {
      const isIt =
        copy.options.mandatory === true &&
        !copy.isReturned &&
        copy.key === fields.routingKey &&
        copy.exchange === fields.exchange &&
        copy.options.messageId === properties.messageId;
      if (isIt) {
        copy.isReturned = true;
        return;
      }
    }
  }

  /** The unconfirmed copies, oldest first. */
  get unconfirmed(): readonly Copy[] {
    return [...this.#inFlight.values()];
  }

  get isIdle(): boolean {
    return this.#inFlight.size === 0;
  }

  /** When the oldest unconfirmed copy was written; undefined when there is none. */
  get oldestSentAt(): number | undefined {
    for (const copy of this.#inFlight.values()) return copy.sentAt;
    return undefined;
  }
}
