import { type Delivery, RETURNS_BEFORE_ALONE, type TransportHeaders } from '@aura/messaging';
import type { Decoded, Message } from './message';

/** A queue, as far as a unit needs to know it. */
export interface UnitQueue {
  readonly name: string;
  readonly takesBatches: boolean;
}

/** Who has a unit in hand and hears how it ends. */
export interface UnitOwner {
  /** All deliveries are settled; `isAcked` when none was given back. */
  settled(unit: Unit, isAcked: boolean): void;
}

/** One message as one queue knows it, from its first hand-out to its end: one delivery, or those of a batch. */
export class Unit {
  #owner: UnitOwner | undefined;
  #open = 0;
  #isGivenBack = false;

  constructor(
    readonly queue: UnitQueue,
    readonly message: Message,
    /** How often it came back unsettled because its consumer was lost. */
    readonly returns: number,
    readonly isRedelivered: boolean,
  ) {}

  get isInHand(): boolean {
    return this.#owner !== undefined;
  }

  /** It came back so often that it may be what kills its consumers. */
  get isSuspect(): boolean {
    return this.returns > RETURNS_BEFORE_ALONE;
  }

  /** Hands it out. */
  handTo(owner: UnitOwner): readonly Delivery[] {
    const events = this.message.events(this.queue.takesBatches);
    this.#owner = owner;
    this.#open = events.length;
    return events.map((event) => new EmbeddedDelivery(this, event));
  }

  /** Its owner is gone: settling it means nothing any more. */
  disown(): void {
    this.#owner = undefined;
  }

  /** One of the deliveries is settled, for the first time. */
  settleOne(isAck: boolean): void {
    if (!isAck) this.#isGivenBack = true;
    this.#open -= 1;
    if (this.#open > 0) return;
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.settled(this, !this.#isGivenBack);
  }
}

class EmbeddedDelivery implements Delivery {
  #isSettled = false;
  readonly #unit: Unit;

  constructor(
    unit: Unit,
    readonly event: Decoded,
  ) {
    this.#unit = unit;
  }

  get queue(): string {
    return this.#unit.queue.name;
  }

  get headers(): TransportHeaders {
    return this.#unit.message.headers;
  }

  get redelivered(): boolean {
    return this.#unit.isRedelivered;
  }

  get returns(): number {
    return this.#unit.returns;
  }

  envelope() {
    return this.#unit.message.envelope();
  }

  ack(): void {
    this.#settle(true);
  }

  giveBack(): void {
    this.#settle(false);
  }

  #settle(isAck: boolean): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#unit.settleOne(isAck);
  }
}
