import type { CloudEvent } from '@aura/contracts';
import type { Result } from '@aura/kernel';
import {
  type DecodeError,
  type Delivery,
  RETURNS_BEFORE_ALONE,
  type TransportHeaders,
} from '@aura/messaging';
import type { ConsumeMessage } from 'amqplib';
import { fromAmqpHeaders, returnsOf } from './transport-headers';

type Decoded = Result<CloudEvent, DecodeError>;

/** Where the settling of a message's deliveries ends. */
export interface UnitOwner {
  /** All deliveries are settled; acked when none was given back. */
  unitSettled(unit: Unit, isAcked: boolean): void;
  /** One delivery is settled. */
  deliverySettled(): void;
}

/** One message of the broker: one delivery, or one for each event of a batch; they share its ack. */
export class Unit {
  readonly message: ConsumeMessage;
  readonly returns: number;
  readonly deliveries: readonly Delivery[];
  readonly #owner: UnitOwner;
  #open: number;
  #isGivenBack = false;

  constructor(message: ConsumeMessage, queue: string, events: readonly Decoded[], owner: UnitOwner) {
    const { headers } = message.properties;
    this.message = message;
    this.#owner = owner;
    this.returns = returnsOf(headers, message.fields.redelivered);
    const shared = { queue, headers: fromAmqpHeaders(headers), returns: this.returns };
    this.#open = events.length;
    this.deliveries = events.map((event) => new AmqpDelivery(this, shared, event));
  }

  get tag(): number {
    return this.message.fields.deliveryTag;
  }

  /** It came back so often that it may be what kills its consumers. */
  get isSuspect(): boolean {
    return this.returns > RETURNS_BEFORE_ALONE;
  }

  /** One of the deliveries is settled, for the first time. */
  settleOne(isAck: boolean): void {
    if (!isAck) this.#isGivenBack = true;
    this.#open -= 1;
    if (this.#open === 0) this.#owner.unitSettled(this, !this.#isGivenBack);
    this.#owner.deliverySettled();
  }
}

interface Shared {
  readonly queue: string;
  readonly headers: TransportHeaders;
  readonly returns: number;
}

class AmqpDelivery implements Delivery {
  readonly queue: string;
  readonly headers: TransportHeaders;
  readonly returns: number;
  readonly redelivered: boolean;
  readonly event: Decoded;
  readonly #unit: Unit;
  #isSettled = false;

  constructor(unit: Unit, { queue, headers, returns }: Shared, event: Decoded) {
    this.#unit = unit;
    this.queue = queue;
    this.headers = headers;
    this.returns = returns;
    this.redelivered = unit.message.fields.redelivered;
    this.event = event;
  }

  envelope(): ReturnType<Delivery['envelope']> {
    const { content, properties } = this.#unit.message;
    const contentType: unknown = properties.contentType;
    return {
      bytes: content,
      ...(typeof contentType === 'string' ? { contentType } : {}),
      headers: properties.headers ?? {},
    };
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
