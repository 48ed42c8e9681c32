import { isAuraError, StoreUnavailableError } from '@aura/kernel';
import type { AppendResult, Journal, JournalRow } from '@aura/kernel';
import type {
  Binding,
  BusHealth,
  Consumer,
  Delivery,
  EventBus,
  OutboundMessage,
  QueueDeclaration,
  TellingJournal,
  TellingResult,
  TellingRow,
} from '@aura/messaging';
import { WITH_RETRY } from '../faults/fault';
import type { SimulatedProcess } from '../process/simulated-process';
import { SimulatedJournal } from '../stores/simulated-journal';
import type { SimulatedBroker } from './simulated-broker';
import { SimulatedConsumer } from './simulated-consumer';
import type { SimulatedQueue } from './simulated-queue';

const UP: BusHealth = { status: 'up', withoutConsumer: [] };
const BLOCKED: BusHealth = { status: 'blocked', reason: 'low on memory', withoutConsumer: [] };
const DOWN: BusHealth = { status: 'down', reason: 'the connection is lost', withoutConsumer: [] };

/** One process's connection to the broker. Its consumers and its subscriber queues go with it. */
export class SimulatedBus implements EventBus {
  readonly #consumers = new Set<SimulatedConsumer>();
  readonly #subscribers = new Set<SimulatedQueue>();
  readonly #listeners = new Set<(health: BusHealth) => void>();
  #health: BusHealth = UP;
  #isConnected = true;
  #isBlocked = false;
  #isClosed = false;

  constructor(
    private readonly process: SimulatedProcess,
    private readonly broker: SimulatedBroker,
  ) {}

  publish(messages: readonly OutboundMessage[]): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    return this.#ask('bus.publish', nameOf(messages), (part) => this.broker.publish(messages, part));
  }

  /** Where broker and journals are one store: appending and telling are one effect of the process. */
  telling(journal: Journal): TellingJournal | undefined {
    if (!this.broker.isOneStore || !(journal instanceof SimulatedJournal)) return undefined;
    const plain = (rows: readonly TellingRow[]): readonly JournalRow[] => rows.map(({ row }) => row);
    const behind =
      (rows: readonly TellingRow[]) =>
      (result: AppendResult, n: number): TellingResult =>
        result === 'appended' ? this.#tell(rows[n]?.publish ?? []) : result;
    return {
      append: (rows) => journal.appendEach(plain(rows), behind(rows)),
      appendInOrder: (rows) => journal.appendEachInOrder(plain(rows), behind(rows)),
    };
  }

  declareQueue(declaration: QueueDeclaration): Promise<void> {
    return this.#ask('bus.declare', declaration.queue, () => {
      const queue = this.broker.declare(declaration);
      if (declaration.kind === 'subscriber') this.#subscribers.add(queue);
    });
  }

  bind(bindings: readonly Binding[]): Promise<void> {
    return this.#ask('bus.declare', `${bindings.length} bindings`, () => this.broker.bind(bindings));
  }

  unbind(bindings: readonly Binding[]): Promise<void> {
    return this.#ask('bus.declare', `${bindings.length} bindings`, () => this.broker.unbind(bindings));
  }

  consume(request: {
    readonly queue: string;
    readonly prefetch: number;
    readonly handle: (deliveries: readonly Delivery[]) => void;
  }): Promise<Consumer> {
    return this.#ask('bus.consume', request.queue, () => {
      const queue = this.broker.queue(request.queue);
      const consumer = new SimulatedConsumer(this.process, this.broker, queue, request);
      this.#consumers.add(consumer);
      if (this.#health.status !== 'down') consumer.attach();
      return consumer;
    });
  }

  depth(name: string): Promise<number> {
    return this.#ask('bus.depth', name, () => {
      const queue = this.broker.queue(name);
      return queue.waiting + queue.inHand + queue.coming;
    });
  }

  health(): BusHealth {
    return this.#isClosed ? { status: 'down', reason: 'closed', withoutConsumer: [] } : this.#health;
  }

  onHealth(listener: (health: BusHealth) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.leave(false);
    return Promise.resolve();
  }

  /** Goes at once: what its consumers had in hand comes back. `isLost`: as if its process had died. */
  leave(isLost: boolean): void {
    this.#isClosed = true;
    for (const consumer of this.#consumers) {
      if (isLost) consumer.detach(true);
      consumer.leave();
    }
    for (const queue of this.#subscribers) this.broker.remove(queue);
    this.#consumers.clear();
  }

  /** The connection is lost: what was in hand comes back, and nothing can be sent until {@link connect}. */
  disconnect(): void {
    for (const consumer of this.#consumers) consumer.detach(true);
    this.#stands(false, this.#isBlocked);
  }

  /** The connection is back; consumption goes on. */
  connect(): void {
    this.#stands(true, this.#isBlocked);
    for (const consumer of this.#consumers)
      if (consumer.isGone) this.#consumers.delete(consumer);
      else consumer.attach();
  }

  /** The broker asks publishers to wait, or no longer does. */
  block(isBlocked: boolean): void {
    this.#stands(this.#isConnected, isBlocked);
  }

  /** Who cannot publish, or is refused, tells nothing with the row. */
  #tell(messages: readonly OutboundMessage[]): TellingResult {
    if (messages.length === 0 || this.health().status === 'down') return 'appended';
    try {
      this.broker.publish(messages);
      return 'told';
    } catch (error) {
      if (isAuraError(error)) return 'appended';
      throw error;
    }
  }

  #stands(isConnected: boolean, isBlocked: boolean): void {
    const before = this.#health.status;
    this.#isConnected = isConnected;
    this.#isBlocked = isBlocked;
    this.#health = isConnected ? (isBlocked ? BLOCKED : UP) : DOWN;
    if (this.#health.status === before) return;
    // Who was asleep meanwhile hears how it stands now.
    for (const listener of this.#listeners) this.process.deliver(() => listener(this.#health));
  }

  #ask<T>(
    effect: 'bus.publish' | 'bus.declare' | 'bus.consume' | 'bus.depth',
    subject: string,
    perform: (part?: number) => T,
  ): Promise<T> {
    return this.process.call(effect, subject, (part) => {
      if (this.#isClosed) throw new StoreUnavailableError('the bus is closed');
      if (this.#health.status === 'down') throw new StoreUnavailableError('the bus cannot be reached');
      return perform(part);
    });
  }
}

function nameOf(messages: readonly OutboundMessage[]): string {
  const [first] = messages;
  if (first === undefined) return 'nothing';
  const { event, headers } = first;
  const again = headers?.attempt === undefined ? '' : ` (attempt ${headers.attempt})`;
  const more = messages.length === 1 ? '' : ` and ${messages.length - 1} more${retryAmong(messages)}`;
  return `${event.type} ${event.id}${again}${more}`;
}

/** Whether one of several reactions is tried again while another says what came of it. */
function retryAmong(messages: readonly OutboundMessage[]): string {
  const retries = messages.filter(({ headers }) => headers?.attempt !== undefined).length;
  return retries > 0 && retries < messages.length ? WITH_RETRY : '';
}
