import { type Journal, type StoreUnavailableError, UnsafeSetupError, type World } from '@aura/kernel';
import {
  type Binding,
  CRASHED_QUEUE,
  DELIVERY_LIMIT,
  type OutboundMessage,
  type QueueDeclaration,
  type TellingJournal,
  UnroutableError,
} from '@aura/messaging';
import { SqliteJournal } from '../journal/sqlite-journal';
import type { EmbeddedStore } from '../store/embedded-store';
import { Addressing } from './addressing';
import { restoreQueues, settledByAll } from './bus-restore';
import { BusTurn } from './bus-turn';
import { type DelayedMessage, DelayedTable } from './delayed-table';
import { Delays } from './delays';
import type { ConsumerHost, EmbeddedConsumer } from './embedded-consumer';
import { EmbeddedQueue } from './embedded-queue';
import { EmbeddedTelling } from './embedded-telling';
import { EventTable } from './event-table';
import { Message, type RawEnvelope, storedEvent } from './message';
import { type PreparedMessage, prepareMessage, sizeOf } from './outbound';
import { QueueTable } from './queue-table';
import { Routing } from './routing';
import type { Unit } from './unit';

function prepareStored({ body, headers, size }: DelayedMessage, queue: EmbeddedQueue): Message {
  return new Message({ kind: 'event', event: storedEvent(body) }, [queue], size, headers);
}

/** The broker inside the process: queues, routes and delays of one SQLite file, shared by all of its clients. */
export class Broker implements ConsumerHost {
  readonly #queues = new Map<string, EmbeddedQueue>();
  readonly #byId = new Map<number, EmbeddedQueue>();
  readonly #routing = new Routing();
  readonly #addressing = new Addressing(this.#routing, (name) => this.queue(name));
  readonly #events: EventTable;
  readonly #table: QueueTable;
  readonly #turn: BusTurn;
  readonly #delays: Delays;
  readonly #crashed: EmbeddedQueue;
  #subscribers = 0;

  constructor(
    private readonly store: EmbeddedStore,
    readonly world: World,
    private readonly window: number,
    onOutcome: (error: StoreUnavailableError | undefined) => void,
  ) {
    this.#events = new EventTable(store.database, (id) => this.#byId.get(id));
    this.#table = new QueueTable(store.database);
    this.#turn = new BusTurn({ events: this.#events, queues: this.#table }, world.scheduler, {
      wake: () => store.commits.touch(),
      outcome: onOutcome,
    });
    this.#restore();
    this.#crashed = this.#add(this.#table.obtain({ queue: CRASHED_QUEUE, kind: 'crashed' }));
    store.commits.join(this.#turn);
    this.#delays = new Delays(store.commits, new DelayedTable(store.database), world, (due) => {
      const queue = this.#queues.get(due.queue);
      if (queue) this.#stage(prepareStored(due, queue), [queue], due.body);
    });
    store.commits.touch();
  }

  /** Stores messages; all of a call or none. */
  publish(messages: readonly OutboundMessage[]): Promise<void> {
    let prepared: readonly PreparedMessage[];
    try {
      prepared = messages.map(prepareMessage);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new TypeError(String(error)));
    }
    return this.store.commits.run(() => this.#store(prepared));
  }

  /** A journal as one that publishes here what its rows say, where it stands in the broker's own file. */
  telling(journal: Journal): TellingJournal | undefined {
    if (!(journal instanceof SqliteJournal) || !journal.isIn(this.store)) return undefined;
    return new EmbeddedTelling(journal, (prepared) => this.#store(prepared));
  }

  /** Puts foreign bytes into a queue. */
  inject(name: string, raw: RawEnvelope): Promise<void> {
    return this.store.commits.run(() => {
      const queue = this.queue(name);
      this.#stage(new Message({ kind: 'raw', raw }, [queue], 2 * raw.bytes.length + 200), [queue], undefined);
    });
  }

  /** Makes a queue, or checks that it stands as declared. */
  async declare(declaration: QueueDeclaration): Promise<EmbeddedQueue> {
    const standing = this.#queues.get(declaration.queue);
    if (standing) return checked(standing, declaration);
    if (declaration.kind === 'subscriber') return this.#addSubscriber(declaration);
    const stored = await this.store.commits.run(() => this.#table.obtain(declaration));
    return checked(this.#add(stored), declaration);
  }

  /** Makes bindings stand. */
  async bind(bindings: readonly Binding[]): Promise<void> {
    for (const binding of bindings) this.#boundQueue(binding);
    await this.store.commits.run(() =>
      bindings
        .filter((binding) => this.#boundQueue(binding)?.isDurable ?? true)
        .forEach((one) => this.#table.bind(one)),
    );
    for (const binding of bindings) this.#routing.add(binding, this.#boundQueue(binding));
  }

  /** Removes bindings. */
  async unbind(bindings: readonly Binding[]): Promise<void> {
    await this.store.commits.run(() => bindings.forEach((one) => this.#table.unbind(one)));
    for (const binding of bindings) this.#routing.remove(binding);
  }

  /** The queue of a name; an error when it was never declared. */
  queue(name: string): EmbeddedQueue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new UnroutableError('the default exchange', name);
  }

  /** Removes a subscriber's queue with all it holds. */
  removeQueue(queue: EmbeddedQueue): void {
    queue.isGone = true;
    this.#queues.delete(queue.name);
    this.#byId.delete(queue.id);
    this.#routing.removeQueue(queue);
    const hasMore = queue.hasMoreInFile;
    for (const message of queue.messages()) this.#turn.release(message);
    if (hasMore) this.#sweep();
    this.store.commits.touch();
  }

  touch(queue: EmbeddedQueue): void {
    this.#turn.touch(queue);
  }

  settled(queue: EmbeddedQueue, unit: Unit): void {
    queue.settle(unit);
    this.#turn.leftHand(unit);
    this.#turn.release(unit.message);
    this.touch(queue);
  }

  cameBack(queue: EmbeddedQueue, unit: Unit, isLost: boolean): void {
    this.#turn.leftHand(unit);
    if (queue.isGone) return;
    const returns = unit.returns + (isLost ? 1 : 0);
    if (returns > DELIVERY_LIMIT && queue.kind !== 'crashed') this.#setApart(queue, unit, returns);
    else queue.takeBack(unit, returns);
    this.touch(queue);
  }

  expects(consumer: EmbeddedConsumer): void {
    this.#turn.expects(consumer);
  }

  /** Resolves when everything asked for until now is written or refused. */
  barrier(): Promise<void> {
    return this.store.commits.barrier();
  }

  /** Stops its timers. */
  close(): void {
    this.#delays.close();
    this.#turn.close();
  }

  #restore(): void {
    const pairs = this.#table.all().map((stored) => [this.#add(stored), stored] as const);
    const { lastSeq, garbage } = restoreQueues(pairs, this.#events, (queue, unit, wasInHand) => {
      if (wasInHand) this.cameBack(queue, unit, true);
      else queue.takeBack(unit, unit.returns);
    });
    this.#turn.startBehind(lastSeq);
    this.#turn.discard(garbage);
    for (const binding of this.#table.bindings()) this.#routing.add(binding, this.#boundQueue(binding));
  }

  #add({ id, declaration }: { readonly id: number; readonly declaration: QueueDeclaration }): EmbeddedQueue {
    const standing = this.#queues.get(declaration.queue);
    if (standing) return standing;
    const queue = new EmbeddedQueue(id, declaration, this.#events, this.window);
    queue.restore(this.#turn.lastSeq, 0);
    this.#queues.set(queue.name, queue);
    this.#byId.set(id, queue);
    return queue;
  }

  #addSubscriber(declaration: QueueDeclaration): EmbeddedQueue {
    this.#subscribers += 1;
    return this.#add({ id: -this.#subscribers, declaration });
  }

  #boundQueue(binding: Binding): EmbeddedQueue | undefined {
    if (binding.kind === 'publicFace') return undefined;
    const queue = this.#queues.get(binding.queue);
    if (queue) return queue;
    throw new UnsafeSetupError(
      `queue ${binding.queue} is bound to ${binding.key} and is not there`,
      'Declare the queue before it is bound.',
    );
  }

  /** Invariant: an error of Aura or a `TypeError` is thrown before the first of them is stored, so that nothing is. */
  #store(prepared: readonly PreparedMessage[]): void {
    for (const { prepared: one, targets, delays } of this.#addressing.address(prepared)) {
      const { body, event, message } = one;
      if (targets.length > 0) {
        this.#stage(
          new Message({ kind: 'event', event }, targets, sizeOf(body), message.headers),
          targets,
          body,
        );
      }
      for (const { queue, delayMs } of delays) {
        this.#delays.add({ queue, body, size: sizeOf(body), headers: message.headers }, delayMs);
      }
    }
  }

  #stage(message: Message, targets: readonly EmbeddedQueue[], body: string | undefined): void {
    this.#turn.stage(message, targets, body);
  }

  /** What came back too often goes to the crashed queue, and is done here once it is safe there. */
  #setApart(queue: EmbeddedQueue, unit: Unit, returns: number): void {
    const parked = queue.park(unit, returns);
    const { content, headers, size } = unit.message;
    const crashed = { queue: queue.name, returns };
    const moved = this.store.commits.run(() => {
      this.#stage(
        new Message(content, [this.#crashed], size, { ...headers, crashed }),
        [this.#crashed],
        undefined,
      );
    });
    // Where the file refuses, it stays in line as a suspect, and the next loss tries again.
    moved.then(
      () => this.settled(queue, parked),
      () => queue.takeBack(parked, returns),
    );
  }

  /** Looks through the whole file for what no queue needs. */
  #sweep(): void {
    this.#turn.discard(settledByAll(this.#events.heads(), this.#byId));
  }
}

function checked(queue: EmbeddedQueue, { kind, maxLength }: QueueDeclaration): EmbeddedQueue {
  if (queue.kind === kind && queue.maxLength === maxLength) return queue;
  throw new UnsafeSetupError(
    `queue ${queue.name} stands as ${queue.kind} with ${queue.maxLength ?? 'no'} bound and is declared as ${kind} with ${maxLength ?? 'no'} bound`,
    'Declare it as it stands, or give the new one another name.',
  );
}
