import { type Journal, StoreUnavailableError } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  Delivery,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
  TellingJournal,
  TellingRow,
} from '@aura/messaging';
import type { Broker } from './broker';
import type { BusStanding } from './bus-standing';
import { EmbeddedConsumer } from './embedded-consumer';
import type { EmbeddedQueue } from './embedded-queue';

/**
 * One client of the broker in the process: what one service would hold. Its consumers and its subscriber queues go
 * with it; everything else is shared with the other clients of the file.
 */
export class EmbeddedBus implements EventBus {
  readonly #consumers = new Set<EmbeddedConsumer>();
  readonly #subscribers = new Set<EmbeddedQueue>();
  #isClosed = false;

  constructor(
    private readonly broker: Broker,
    private readonly standing: BusStanding,
  ) {}

  publish(messages: readonly OutboundMessage[]): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed());
    return messages.length === 0 ? Promise.resolve() : this.broker.publish(messages);
  }

  /** A client that is closed tells nothing: its rows are appended, and whoever publishes hears why not. */
  telling(journal: Journal): TellingJournal | undefined {
    const telling = this.broker.telling(journal);
    if (telling === undefined) return undefined;
    const toTell = (rows: readonly TellingRow[]): readonly TellingRow[] =>
      this.#isClosed ? rows.map(({ row }) => ({ row, publish: [] })) : rows;
    return {
      append: (rows) => telling.append(toTell(rows)),
      appendInOrder: (rows) => telling.appendInOrder(toTell(rows)),
    };
  }

  async declareQueue(declaration: QueueDeclaration): Promise<void> {
    this.#demandOpen();
    const queue = await this.broker.declare(declaration);
    if (!queue.isDurable) this.#subscribers.add(queue);
  }

  async bind(bindings: readonly Binding[]): Promise<void> {
    this.#demandOpen();
    await this.broker.bind(bindings);
  }

  async unbind(bindings: readonly Binding[]): Promise<void> {
    this.#demandOpen();
    await this.broker.unbind(bindings);
  }

  async consume(request: {
    readonly queue: string;
    readonly prefetch: number;
    readonly handle: (deliveries: readonly Delivery[]) => void;
  }): Promise<Consumer> {
    this.#demandOpen();
    const queue = this.broker.queue(request.queue);
    const onGone = (gone: EmbeddedConsumer): void => {
      this.#consumers.delete(gone);
      this.#forgetUnread(queue);
    };
    const consumer = new EmbeddedConsumer(this.broker, queue, { ...request, onGone });
    this.#consumers.add(consumer);
    await this.broker.barrier();
    return consumer;
  }

  depth(queue: string): Promise<number> {
    return new Promise((resolve) => resolve(this.broker.queue(queue).depth));
  }

  /** Consumers of this bus live in the process and are never lost, so no queue is ever without its consumer. */
  health(): BusHealth {
    return this.#isClosed ? { status: 'down', reason: 'closed', withoutConsumer: [] } : this.standing.health;
  }

  onHealth(listener: (health: BusHealth) => void): () => void {
    return this.standing.listen(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.broker.barrier();
    this.#leave(false);
    await this.broker.barrier();
  }

  /** Loses the client as the death of its process would: what is in hand comes back and is counted. */
  async crash(): Promise<void> {
    this.#isClosed = true;
    this.#leave(true);
    await this.broker.barrier();
  }

  #leave(isLost: boolean): void {
    for (const consumer of [...this.#consumers]) consumer.leave(isLost);
    for (const queue of [...this.#subscribers]) this.#forgetUnread(queue);
  }

  /** A subscriber's queue goes with its last consumer, as an auto-delete queue of a broker does. */
  #forgetUnread(queue: EmbeddedQueue): void {
    if (queue.consumers.length > 0 || !this.#subscribers.delete(queue)) return;
    this.broker.removeQueue(queue);
  }

  #demandOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

function closed(): StoreUnavailableError {
  return new StoreUnavailableError('the bus is closed');
}
