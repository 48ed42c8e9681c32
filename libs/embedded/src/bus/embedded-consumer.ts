import type { World } from '@aura/kernel';
import type { Consumer, Delivery } from '@aura/messaging';
import type { EmbeddedQueue, QueueConsumer } from './embedded-queue';
import type { Unit, UnitOwner } from './unit';

/** What a consumer needs of the broker. */
export interface ConsumerHost {
  readonly world: World;
  /** The queue has changed: look at it at the end of the turn. */
  touch(queue: EmbeddedQueue): void;
  /** A unit is done for good. */
  settled(queue: EmbeddedQueue, unit: Unit): void;
  /** A unit comes back. `isLost`: with its consumer, which counts. */
  cameBack(queue: EmbeddedQueue, unit: Unit, isLost: boolean): void;
  /** A consumer has units to show behind the next commit. */
  expects(consumer: EmbeddedConsumer): void;
}

/** What is asked of {@link EmbeddedConsumer}. */
export interface ConsumeRequest {
  readonly prefetch: number;
  readonly handle: (deliveries: readonly Delivery[]) => void;
  /** Called once, when the consumer has gone. */
  readonly onGone: (consumer: EmbeddedConsumer) => void;
}

/**
 * A running consumption.
 *
 * - `running`: takes units as far as its prefetch allows. Left by `pause`, `stop` or `leave`.
 * - `paused`: takes nothing; what is in hand may be settled. Left by `resume`, `stop` or `leave`.
 * - `stopping`: takes nothing, waits for what is in hand until its grace is over. Left for `gone`.
 * - `gone`: has nothing in hand; settling old deliveries means nothing.
 */
export class EmbeddedConsumer implements Consumer, QueueConsumer, UnitOwner {
  #mode: 'running' | 'paused' | 'stopping' | 'gone' = 'running';
  #limit: number;
  readonly #inHand = new Set<Unit>();
  #suspects = 0;
  /** Units of the running transaction, and their deliveries. */
  #taken: Unit[] = [];
  #batch: Delivery[] = [];
  #stopped: (() => void)[] = [];

  constructor(
    private readonly host: ConsumerHost,
    private readonly source: EmbeddedQueue,
    private readonly request: ConsumeRequest,
  ) {
    this.#limit = request.prefetch;
    source.consumers.push(this);
    host.touch(source);
  }

  get queue(): string {
    return this.source.name;
  }

  get isIdle(): boolean {
    return this.#inHand.size === 0;
  }

  get room(): number {
    return this.#mode === 'running' && this.#suspects === 0 ? this.#limit - this.#inHand.size : 0;
  }

  take(unit: Unit): void {
    if (this.#taken.length === 0) this.host.expects(this);
    this.#inHand.add(unit);
    if (unit.isSuspect) this.#suspects += 1;
    this.#taken.push(unit);
    for (const delivery of unit.handTo(this)) this.#batch.push(delivery);
  }

  /** The hand-out is safe: shows it to the handler. */
  show(): void {
    const batch = this.#batch;
    this.#taken = [];
    this.#batch = [];
    if (this.#mode === 'gone' || batch.length === 0) return;
    try {
      this.request.handle(batch);
    } catch (error) {
      // A handler must not throw. It ends as an uncaught error, but not in the middle of other consumers' turn.
      process.nextTick(() => {
        throw error;
      });
    }
  }

  /** The hand-out was rolled back: nobody has seen it. */
  takeNothing(): void {
    for (const unit of this.#taken.splice(0).reverse()) {
      this.#letGo(unit);
      this.source.untake(unit);
    }
    this.#batch = [];
  }

  settled(unit: Unit, isAcked: boolean): void {
    this.#letGo(unit);
    if (isAcked) this.host.settled(this.source, unit);
    else this.host.cameBack(this.source, unit, false);
    if (this.isIdle) this.#stopped.splice(0).forEach((resolve) => resolve());
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#mode !== 'gone') this.#mode = 'stopping';
    if (!this.isIdle) await this.#idleWithin(graceMs);
    this.leave(false);
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

  /** Goes at once; what is in hand goes back. `isLost`: as if its process had died. */
  leave(isLost: boolean): void {
    if (this.#mode === 'gone') return;
    this.#mode = 'gone';
    const { consumers } = this.source;
    consumers.splice(consumers.indexOf(this), 1);
    for (const unit of this.#inHand) {
      unit.disown();
      this.host.cameBack(this.source, unit, isLost);
    }
    this.#inHand.clear();
    this.#stopped.splice(0).forEach((resolve) => resolve());
    this.request.onGone(this);
  }

  #letGo(unit: Unit): void {
    this.#inHand.delete(unit);
    if (unit.isSuspect) this.#suspects -= 1;
  }

  #idleWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.host.world.scheduler.after(graceMs, resolve);
      this.#stopped.push(() => {
        cancel();
        resolve();
      });
    });
  }
}
