import type { StoreUnavailableError } from '@aura/kernel';
import type { TurnMember } from '../store/group-commit';
import { dispatch } from './dispatch';
import type { EmbeddedConsumer } from './embedded-consumer';
import type { EmbeddedQueue } from './embedded-queue';
import type { EventTable } from './event-table';
import type { Message } from './message';
import type { QueueTable } from './queue-table';

interface Staged {
  readonly message: Message;
  readonly targets: readonly EmbeddedQueue[];
}

/** What a turn of the bus writes to. */
export interface BusTables {
  readonly events: EventTable;
  readonly queues: QueueTable;
}

/**
 * The bus's part in each transaction: stored messages join their queues, what waits is handed out as far as there is
 * room, the rows of the queues that changed are written, what every queue has settled is removed. Only behind the
 * commit do handlers see anything; a rollback takes it all back.
 */
export class BusTurn implements TurnMember {
  #staged: Staged[] = [];
  #hasOffered = false;
  #touched = new Set<EmbeddedQueue>();
  #garbage: number[] = [];
  #expecting: EmbeddedConsumer[] = [];
  #nextSeq = 1;

  constructor(
    private readonly tables: BusTables,
    private readonly onOutcome: (error: StoreUnavailableError | undefined) => void,
  ) {}

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
  }

  /** A message is of no more use to one of its queues; the last one removes it. */
  release(message: Message): void {
    if (message.targets.every((target) => target.hasSettled(message.seq))) this.#garbage.push(message.seq);
  }

  /** Removes messages that no queue needs. */
  discard(seqs: readonly number[]): void {
    for (const seq of seqs) this.#garbage.push(seq);
  }

  /** A consumer has deliveries to show behind the commit. */
  expects(consumer: EmbeddedConsumer): void {
    this.#expecting.push(consumer);
  }

  beforeCommit(): void {
    this.#offer();
    for (const queue of this.#touched) dispatch(queue);
    for (const queue of this.#touched) if (queue.isDurable) this.tables.queues.update(queue);
    if (this.#garbage.length > 0) this.tables.events.remove(this.#garbage);
  }

  committed(): void {
    const expecting = this.#expecting;
    this.#expecting = [];
    this.#staged = [];
    this.#hasOffered = false;
    this.#garbage = [];
    // A new set: what the handlers settle at once belongs to the next turn.
    this.#touched = new Set();
    for (const consumer of expecting) consumer.show();
  }

  rolledBack(): void {
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
    this.onOutcome(error);
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
