import type { Consumer, Delivery } from '@aura/messaging';
import type { WireDelivery } from '../wire/protocol';
import { deliveryToWire } from '../wire/wire-delivery';

/** Most envelope bytes in one frame with several deliveries: 4 MiB. */
const FRAME_BYTES = 4 * 1024 * 1024;

/** Sends deliveries, with their envelopes. */
export type SendDeliveries = (wires: readonly WireDelivery[], envelopes: readonly Uint8Array[]) => void;

/** What a guest's consumer has in hand: numbers for deliveries, and deliveries for numbers. */
export class GuestConsumer {
  readonly #inHand = new Map<number, Delivery>();
  #tags = 0;
  #bus: Promise<Consumer> | undefined;

  constructor(private readonly send: SendDeliveries) {}

  /** Begins to consume; asked for again, it is the same consumption. */
  begin(consume: () => Promise<Consumer>): Promise<Consumer> {
    this.#bus ??= consume();
    return this.#bus;
  }

  /** The consumption, once it has begun. */
  get bus(): Promise<Consumer> | undefined {
    return this.#bus;
  }

  /** Hands deliveries of one turn to the guest: in one frame, or in several when they are large. */
  handle(deliveries: readonly Delivery[]): void {
    let wires: WireDelivery[] = [];
    let envelopes: Uint8Array[] = [];
    let bytes = 0;
    for (const delivery of deliveries) {
      const { wire, envelope } = deliveryToWire(delivery, this.#number(delivery));
      if (wires.length > 0 && bytes + envelope.length > FRAME_BYTES) {
        this.send(wires, envelopes);
        [wires, envelopes, bytes] = [[], [], 0];
      }
      wires.push(wire);
      envelopes.push(envelope);
      bytes += envelope.length;
    }
    if (wires.length > 0) this.send(wires, envelopes);
  }

  /** Settles by number; a number that is settled already means nothing. */
  settle(acked: readonly number[], givenBack: readonly number[]): void {
    for (const tag of acked) this.#take(tag)?.ack();
    for (const tag of givenBack) this.#take(tag)?.giveBack();
  }

  #number(delivery: Delivery): number {
    this.#tags += 1;
    this.#inHand.set(this.#tags, delivery);
    return this.#tags;
  }

  #take(tag: number): Delivery | undefined {
    const delivery = this.#inHand.get(tag);
    this.#inHand.delete(tag);
    return delivery;
  }
}
