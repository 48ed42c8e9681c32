import type { Cancel, Scheduler, StoreUnavailableError } from '@aura/kernel';
import type { TurnMember } from '../store/group-commit';
import { dispatch, dispatchSuspect } from './dispatch';
import type { EmbeddedConsumer } from './embedded-consumer';
import type { EmbeddedQueue } from './embedded-queue';
import type { EventTable } from './event-table';
import type { Message } from './message';
import { Quarantine } from './quarantine';
import type { QueueTable } from './queue-table';
import { SettledEvents } from './settled-events';
import type { Unit } from './unit';

interface Staged {
  readonly message: Message;
  readonly targets: readonly EmbeddedQueue[];
}

/** What a turn of the bus writes to. */
export interface BusTables {
  readonly events: EventTable;
  readonly queues: QueueTable;
}

/** How soon a turn that the file refused is tried again by itself. */
const RETRY_MS = 1000;

/** Who hears of the turns. */
export interface TurnListener {
  /** There is something to write: a turn is wanted. */
  wake(): void;
  /** The file took a turn, or refused it. */
  outcome(error: StoreUnavailableError | undefined): void;
}

/**
 * The bus's part in each transaction: stored messages join their queues, what waits is handed out as far as there is
 * room, the rows of the queues that changed are written, what every queue has settled is removed some time. Only behind the
 * commit do handlers see anything; a rollback takes it all back.
 */
export class BusTurn implements TurnMember {
  #staged: Staged[] = [];
  #hasOffered = false;
  #touched = new Set<EmbeddedQueue>();
  #expecting: EmbeddedConsumer[] = [];
  #nextSeq = 1;
  /** Queues that wait for the end of a quarantine. */
  readonly #deferred = new Set<EmbeddedQueue>();
  readonly #quarantine: Quarantine;
  readonly #settled: SettledEvents;
  #cancelRetry: Cancel | undefined;

  constructor(
    private readonly tables: BusTables,
    private readonly scheduler: Scheduler,
    private readonly listener: TurnListener,
  ) {
    this.#quarantine = new Quarantine(scheduler, () => this.#goOn());
    this.#settled = new SettledEvents(scheduler, () => listener.wake());
  }

  /** Position of the newest message. */
  get lastSeq(): number {
    return this.#nextSeq - 1;
  }

  /** Goes on behind a position. */
  startBehind(seq: number): void {
    this.#nextSeq = seq + 1;
  }

  /** Stores a message in the running transaction; its queues get it at the end of it. */
  stage(message: Message, targets: readonly EmbeddedQueue[], body: string | undefined): void {
    message.seq = this.#nextSeq++;
    this.tables.events.insert(message, body);
    this.#staged.push({ message, targets });
    for (const target of targets) target.staged += 1;
  }

  /** A queue has changed. */
  touch(queue: EmbeddedQueue): void {
    this.#touched.add(queue);
    this.listener.wake();
  }

  /** A unit is no longer in hand. */
  leftHand(unit: Unit): void {
    if (unit.isSuspect) this.#quarantine.end(unit);
  }

  /** Stops its timers. */
  close(): void {
    this.#quarantine.close();
    this.#settled.close();
  }

  /** A message is of no more use to one of its queues; the last one removes it. */
  release(message: Message): void {
    if (message.targets.every((target) => target.hasSettled(message.seq))) this.#settled.add(message.seq);
  }

  /** Removes messages that no queue needs. */
  discard(seqs: readonly number[]): void {
    for (const seq of seqs) this.#settled.add(seq);
  }

  /** A consumer has deliveries to show behind the commit. */
  expects(consumer: EmbeddedConsumer): void {
    this.#expecting.push(consumer);
  }

  beforeCommit(): void {
    this.#offer();
    this.#dispatch();
    for (const queue of this.#touched) if (queue.isDurable) this.tables.queues.update(queue);
    const settled = this.#settled.due();
    if (settled.length > 0) this.tables.events.remove(settled);
  }

  committed(): void {
    const expecting = this.#expecting;
    this.#expecting = [];
    this.#staged = [];
    this.#hasOffered = false;
    if (this.#settled.due().length > 0) this.#settled.removed();
    // A new set: what the handlers settle at once belongs to the next turn.
    this.#touched = new Set();
    for (const consumer of expecting) consumer.show();
  }

  rolledBack(): void {
    // A suspect of this turn was seen by nobody; one of an earlier turn has had its time.
    this.#quarantine.close();
    for (const queue of this.#deferred) this.#touched.add(queue);
    this.#deferred.clear();
    for (const consumer of this.#expecting.splice(0)) consumer.takeNothing();
    const first = this.#staged[0]?.message.seq ?? 0;
    for (const [queue, count] of this.#counts()) {
      if (this.#hasOffered) queue.withdraw(first, count);
      else queue.staged -= count;
    }
    this.#staged = [];
    this.#hasOffered = false;
  }

  outcome(error: StoreUnavailableError | undefined): void {
    this.#cancelRetry?.();
    // What was settled or waits to be handed out must not wait for somebody else to write something.
    this.#cancelRetry = error && this.scheduler.after(RETRY_MS, () => this.listener.wake());
    this.listener.outcome(error);
  }

  #dispatch(): void {
    for (const queue of this.#touched) if (!queue.isDurable) dispatch(queue);
    for (const queue of this.#touched) {
      const suspect = this.#quarantine.isHeld ? undefined : dispatchSuspect(queue);
      if (suspect) this.#quarantine.begin(suspect);
    }
    for (const queue of this.#touched) {
      if (this.#quarantine.isHeld) this.#deferred.add(queue);
      else dispatch(queue);
    }
  }

  #goOn(): void {
    for (const queue of this.#deferred) this.touch(queue);
    this.#deferred.clear();
  }

  #offer(): void {
    for (const { message, targets } of this.#staged) {
      for (const queue of targets) {
        queue.staged -= 1;
        queue.offer(message);
        this.#touched.add(queue);
      }
    }
    this.#hasOffered = true;
  }

  #counts(): ReadonlyMap<EmbeddedQueue, number> {
    const counts = new Map<EmbeddedQueue, number>();
    for (const queue of this.#staged.flatMap(({ targets }) => targets)) {
      counts.set(queue, (counts.get(queue) ?? 0) + 1);
    }
    return counts;
  }
}
