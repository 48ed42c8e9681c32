import type { Consumer, Delivery, TransportHeaders } from '@aura/messaging';
import type { SimulatedProcess } from '../process/simulated-process';
import type { Message, Parsed } from './message';
import type { SimulatedQueue } from './simulated-queue';

/** What a consumer needs of the broker. */
export interface ConsumerHost {
  /** Something may be handed out now. */
  touch(queue: SimulatedQueue): void;
  /** A message came back; `isLost`: with its consumer, which counts. */
  cameBack(queue: SimulatedQueue, message: Message, isLost: boolean): void;
}

/** What is asked of a consumption. */
export interface Consumption {
  readonly prefetch: number;
  readonly handle: (deliveries: readonly Delivery[]) => void;
}

/**
 * A running consumption.
 *
 * - `running`: takes messages as far as its prefetch allows.
 * - `paused`: takes nothing; what is in hand may be settled.
 * - `stopping`: takes nothing, waits for what is in hand until its grace is over. Left for `gone`.
 * - `gone`: settling old deliveries means nothing.
 *
 * While its connection is lost it is detached: as `gone`, but it comes back.
 */
export class SimulatedConsumer implements Consumer {
  #mode: 'running' | 'paused' | 'stopping' | 'gone' = 'running';
  #isAttached = false;
  #limit: number;
  #suspects = 0;
  readonly #inHand = new Set<Hand>();
  #onIdle: (() => void)[] = [];

  constructor(
    readonly process: SimulatedProcess,
    private readonly host: ConsumerHost,
    private readonly source: SimulatedQueue,
    private readonly request: Consumption,
  ) {
    this.#limit = request.prefetch;
  }

  get queue(): string {
    return this.source.name;
  }

  get isGone(): boolean {
    return this.#mode === 'gone';
  }

  get room(): number {
    return this.#mode === 'running' && this.#suspects === 0 ? this.#limit - this.#inHand.size : 0;
  }

  /** Takes part in the hand-out. */
  attach(): void {
    if (this.#isAttached || this.#mode === 'gone') return;
    this.#isAttached = true;
    this.source.consumers.push(this);
    this.host.touch(this.source);
  }

  /** Its connection is lost: what is in hand goes back. */
  detach(isLost: boolean): void {
    if (!this.#isAttached) return;
    this.#isAttached = false;
    const { consumers } = this.source;
    consumers.splice(consumers.indexOf(this), 1);
    const hands = [...this.#inHand].reverse();
    this.#inHand.clear();
    this.#suspects = 0;
    for (const hand of hands) {
      hand.isOpen = false;
      this.#backFromHand(hand.message, isLost);
    }
    this.#tellIdle();
  }

  take(messages: readonly Message[]): void {
    const deliveries: Delivery[] = [];
    for (const message of messages) {
      const events = message.events(this.source.takesBatches);
      const hand: Hand = { message, open: events.length, isOpen: true, isGivenBack: false };
      this.#inHand.add(hand);
      this.source.inHand += 1;
      if (message.isSuspect) this.#suspects += 1;
      for (const event of events) deliveries.push(new SimulatedDelivery(this, hand, event));
    }
    this.process.deliver(() => {
      if (this.#mode !== 'gone') this.request.handle(deliveries);
    });
  }

  /** One delivery of a message is settled. */
  settle(hand: Hand, isAck: boolean): void {
    if (!hand.isOpen) return;
    if (!isAck) hand.isGivenBack = true;
    hand.open -= 1;
    if (hand.open > 0) return;
    this.#letGo(hand);
    if (hand.isGivenBack) this.#backFromHand(hand.message, false);
    else this.source.inHand -= 1;
    this.host.touch(this.source);
    this.#tellIdle();
  }

  /** An ack did not get there: the broker still has the message in hand, and hands it out again. */
  lose(hand: Hand): void {
    if (!hand.isOpen) return;
    this.#letGo(hand);
    this.#backFromHand(hand.message, true);
    this.#tellIdle();
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#mode !== 'gone') this.#mode = 'stopping';
    if (this.#inHand.size > 0) await this.#idleWithin(graceMs);
    this.leave();
  }

  /** Goes at once. */
  leave(): void {
    if (this.#mode === 'gone') return;
    this.#mode = 'gone';
    this.detach(false);
  }

  pause(): Promise<void> {
    if (this.#mode === 'running') this.#mode = 'paused';
    return Promise.resolve();
  }

  resume(prefetch?: number): Promise<void> {
    if (this.#mode === 'paused' || this.#mode === 'running') {
      this.#mode = 'running';
      this.#limit = prefetch ?? this.request.prefetch;
      this.host.touch(this.source);
    }
    return Promise.resolve();
  }

  #letGo(hand: Hand): void {
    hand.isOpen = false;
    this.#inHand.delete(hand);
    if (hand.message.isSuspect) this.#suspects -= 1;
  }

  #backFromHand(message: Message, isLost: boolean): void {
    this.source.inHand -= 1;
    this.host.cameBack(this.source, message, isLost);
  }

  #tellIdle(): void {
    if (this.#inHand.size === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
  }

  #idleWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.process.world.scheduler.after(graceMs, resolve);
      this.#onIdle.push(() => {
        cancel();
        resolve();
      });
    });
  }
}

/** A message in a consumer's hand: one delivery, or those of a batch. */
export interface Hand {
  readonly message: Message;
  open: number;
  isOpen: boolean;
  isGivenBack: boolean;
}

class SimulatedDelivery implements Delivery {
  readonly redelivered: boolean;
  readonly returns: number;
  #isSettled = false;

  constructor(
    private readonly consumer: SimulatedConsumer,
    private readonly hand: Hand,
    readonly event: Parsed,
  ) {
    this.redelivered = hand.message.isRedelivered;
    this.returns = hand.message.returns;
  }

  get queue(): string {
    return this.consumer.queue;
  }

  get headers(): TransportHeaders {
    return this.hand.message.headers;
  }

  envelope(): ReturnType<Delivery['envelope']> {
    return this.hand.message.envelope();
  }

  ack(): void {
    this.#settle('bus.ack');
  }

  giveBack(): void {
    this.#settle('bus.giveBack');
  }

  #settle(effect: 'bus.ack' | 'bus.giveBack'): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { consumer, hand } = this;
    consumer.process.cast(
      effect,
      `${consumer.queue} ${hand.message.name}`,
      () => consumer.settle(hand, effect === 'bus.ack'),
      () => consumer.lose(hand),
    );
  }
}
