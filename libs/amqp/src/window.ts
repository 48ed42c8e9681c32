import type { Delivery, QueueKind } from '@aura/messaging';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Duplex } from 'node:stream';
import { Settlements } from './settlements';
import { Unit, type UnitOwner } from './unit';
import { decodeMessage } from './wire';

/** What a window needs of its consumer. */
export interface WindowOwner {
  readonly queue: string;
  readonly kind: QueueKind | undefined;
  readonly handle: (deliveries: readonly Delivery[]) => void;
  /** Most deliveries in hand. */
  readonly prefetch: () => number;
  /** A message arrived that may be what kills consumers; nothing else should come until the window is empty. */
  suspectArrived(): void;
  /** A message without suspicion arrived. */
  soundArrived(): void;
  /** Nothing is in hand and nothing waits to be handed out. */
  emptied(): void;
}

/**
 * What one channel has taken from its queue: units wait, are handed out (those of one turn together, at most
 * `prefetch` deliveries at once), and are settled. A suspect is handed out when nothing else is in hand, alone.
 *
 * - open: at first and after `release`; hands out what arrives.
 * - holding: entered by `hold`; what waits and what arrives goes back, what is in hand may be settled.
 * - closed: entered by `close`; as holding, for good.
 * - dead: entered by `die` when the channel is gone; settling does nothing.
 */
export class Window implements UnitOwner {
  readonly settlements: Settlements;
  readonly #owner: WindowOwner;
  #sound: Unit[] = [];
  #suspects: Unit[] = [];
  #inHand = 0;
  #isAlone = false;
  #isTurnDue = false;
  #mode: 'open' | 'holding' | 'closed' | 'dead' = 'open';

  constructor(channel: Channel, socket: Duplex | undefined, owner: WindowOwner) {
    this.settlements = new Settlements(channel, socket);
    this.#owner = owner;
  }

  /** Deliveries handed out and not settled. */
  get inHand(): number {
    return this.#inHand;
  }

  /** A message arrived on the channel. */
  arrive(message: ConsumeMessage): void {
    if (this.#mode === 'dead') return;
    this.settlements.open(message);
    if (this.#mode !== 'open') {
      this.settlements.giveBack(message.fields.deliveryTag);
      return;
    }
    const { queue, kind } = this.#owner;
    const unit = new Unit(message, queue, decodeMessage(message, { queue, kind }), this);
    if (unit.isSuspect) {
      this.#suspects.push(unit);
      this.#owner.suspectArrived();
    } else {
      this.#sound.push(unit);
      this.#owner.soundArrived();
    }
    this.#handOutThisTurn();
  }

  #handOutThisTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => {
      this.#isTurnDue = false;
      if (this.#mode === 'open') this.#handOut();
    });
  }

  #handOut(): void {
    const turn = this.#isAlone ? [] : this.#takeSound();
    const suspect = turn.length === 0 && this.#inHand === 0 ? this.#suspects.shift() : undefined;
    if (suspect) {
      this.#isAlone = true;
      turn.push(...suspect.deliveries);
    }
    if (turn.length === 0) return;
    this.#inHand += turn.length;
    this.#owner.handle(turn);
  }

  #takeSound(): Delivery[] {
    const turn: Delivery[] = [];
    const prefetch = this.#owner.prefetch();
    let taken = 0;
    for (const { deliveries } of this.#sound) {
      const total = this.#inHand + turn.length;
      if (total > 0 && total + deliveries.length > prefetch) break;
      for (const delivery of deliveries) turn.push(delivery);
      taken += 1;
    }
    if (taken > 0) this.#sound = this.#sound.slice(taken);
    return turn;
  }

  unitSettled(unit: Unit, isAcked: boolean): void {
    if (isAcked) this.settlements.ack(unit.tag);
    else this.settlements.giveBack(unit.tag);
  }

  deliverySettled(): void {
    if (this.#mode === 'dead') return;
    this.#inHand -= 1;
    if (this.#inHand === 0) this.#isAlone = false;
    if (this.#sound.length > 0 || this.#suspects.length > 0) this.#handOutThisTurn();
    else if (this.#inHand === 0) this.#owner.emptied();
  }

  /** Gives back what was not handed out yet, and whatever still arrives. */
  hold(): void {
    if (this.#mode === 'open') this.#enterReturning('holding');
  }

  /** Hands out again. */
  release(): void {
    if (this.#mode === 'holding') this.#mode = 'open';
  }

  /** Hands out nothing more. */
  close(): void {
    if (this.#mode !== 'dead') this.#enterReturning('closed');
  }

  #enterReturning(mode: 'holding' | 'closed'): void {
    this.#mode = mode;
    const waiting = [...this.#sound, ...this.#suspects];
    this.#sound = [];
    this.#suspects = [];
    for (const unit of waiting) this.settlements.giveBack(unit.tag);
  }

  /** The channel is gone: what was in hand comes back by itself. */
  die(): void {
    this.#mode = 'dead';
    this.#sound = [];
    this.#suspects = [];
    this.#inHand = 0;
    this.settlements.die();
  }
}
