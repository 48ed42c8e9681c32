import type { CloudEvent } from '@aura/contracts';
import type { AppendResult, Journal, JournalRow, Result } from '@aura/kernel';

/** The public face: durable topic exchange. */
export const EVENTS_EXCHANGE = 'aura.events';
/** The fast lane between steps: durable direct exchange, exact keys. */
export const STEPS_EXCHANGE = 'aura.steps';
/** Where deliveries go that killed their consumer again and again. */
export const CRASHED_QUEUE = 'aura.crashed';

/** Returns that a queue bears; the next one sends the delivery to {@link CRASHED_QUEUE}. */
export const DELIVERY_LIMIT = 20;
/** A delivery that came back more often than this is handed out alone. */
export const RETURNS_BEFORE_ALONE = 3;
/** Larger envelopes are not parsed: `TOO_LARGE`. 8 MiB. */
export const MAX_ENVELOPE_BYTES = 8 * 1024 * 1024;
/** Where dead letters go; the coordinator records them. */
export const DEAD_LETTERS_QUEUE = 'aura.dead-letters';
/** A dead letter holds a whole envelope in base64, and beside it the error: 12 MiB. */
const MAX_DEAD_LETTER_BYTES = 12 * 1024 * 1024;

/** Most bytes of an envelope that a queue takes. */
export function largestEnvelope(queue: string): number {
  return queue === DEAD_LETTERS_QUEUE ? MAX_DEAD_LETTER_BYTES : MAX_ENVELOPE_BYTES;
}

/** Transport headers of ours; the event itself is never changed by transport. */
export interface TransportHeaders {
  /** Deliveries of this epoch on the retry ladder, from 1. */
  readonly attempt?: number;
  /** Only these steps of the consumer are meant (a retry of one of several reactions). */
  readonly targets?: readonly string[];
  /** Epoch of the target steps, when the coordinator asks again; otherwise 1. */
  readonly epoch?: number;
  /** When the delivery was first given back for want of something (a plan, a saga), ms since 1970. */
  readonly heldSince?: number;
  /** How long an event without its saga has been held, by the waits that were asked for and no clock, ms. */
  readonly heldForMs?: number;
  /**
   * Only on deliveries of {@link CRASHED_QUEUE}, filled in by the bus: the queue whose consumers died of it and how
   * often it came back there.
   */
  readonly crashed?: { readonly queue: string; readonly returns: number };
}

/** Where a message goes. */
export type Destination =
  | {
      readonly kind: 'exchange';
      readonly exchange: typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;
      readonly key: string;
      /** An error when no queue takes it. */ readonly mandatory?: boolean;
    }
  | {
      readonly kind: 'queue';
      readonly queue: string;
      /** Copies may travel in CloudEvents batches (tracker queues only). */ readonly batch?: boolean;
    }
  | {
      readonly kind: 'delay';
      readonly queue: string;
      /** Comes back to `queue` not before this time; a broker rounds up to its next rung. */ readonly delayMs: number;
    };

/** One event and all the places it goes to. */
export interface OutboundMessage {
  readonly event: CloudEvent;
  readonly to: readonly Destination[];
  readonly headers?: TransportHeaders;
}

/** Why bytes are not an event. */
export interface DecodeError {
  readonly code: 'UNDECODABLE' | 'BATCH_REFUSED' | 'TOO_LARGE';
  readonly message: string;
}

/** What arrived, before or after decoding. */
export interface Delivery {
  readonly queue: string;
  /** The parsed and validated event, or why it is none. Parsed once. */
  readonly event: Result<CloudEvent, DecodeError>;
  readonly headers: TransportHeaders;
  /** Whether the broker delivered it before. */
  readonly redelivered: boolean;
  /** How often it came back unsettled before this time, 0 at first. */
  readonly returns: number;
  /** The envelope as it arrived, byte for byte, with the transport's content type and raw headers. */
  envelope(): {
    readonly bytes: Uint8Array;
    readonly contentType?: string;
    readonly headers: Readonly<Record<string, unknown>>;
  };
  /** Done for good. Only the pipeline calls it, once, after everything was published. */
  ack(): void;
  /** Back to the queue, to be delivered again. For stopping and pausing; never a retry. */
  giveBack(): void;
}

/** What a queue is for; decides its arguments. */
export type QueueKind = 'work' | 'tracker' | 'ingress' | 'crashed' | 'subscriber';

/**
 * A queue to declare; a bus that consumes a `tracker` or `crashed` queue declares it first, because only there batches
 * are taken apart. `subscriber` queues are exclusive to the connection and go with it; all others are
 * durable.
 */
export interface QueueDeclaration {
  readonly queue: string;
  readonly kind: QueueKind;
  /** Most messages that may wait (reject-publish beyond); only for `ingress`. */
  readonly maxLength?: number;
}

/** Ties a queue, or the fast lane's key to the public face, to keys of an exchange. `key` may hold `*` and `#` on aura.events. */
export type Binding =
  | {
      readonly kind: 'queue';
      readonly queue: string;
      readonly exchange: typeof EVENTS_EXCHANGE | typeof STEPS_EXCHANGE;
      readonly key: string;
    }
  | { readonly kind: 'publicFace'; readonly key: string };

/** A running consumption of one queue. */
export interface Consumer {
  readonly queue: string;
  /** Stops taking deliveries; those in hand may still be settled. Resolves when none is in hand or `graceMs` has passed (the rest is given back). */
  stop(graceMs: number): Promise<void>;
  /** Stops taking new deliveries and gives back those not yet handed out; `resume` goes on. */
  pause(): Promise<void>;
  /** Goes on; until the next pause with this prefetch when given (1: probing), else with the consumer's own. */
  resume(prefetch?: number): Promise<void>;
}

/** How a bus stands. `blocked`: the broker asks publishers to wait. */
export interface BusHealth {
  readonly status: 'up' | 'down' | 'blocked';
  readonly reason?: string;
  /** Queues that should have a consumer of this process and have none. */
  readonly withoutConsumer: readonly string[];
  /** Of each queue that this process needs and the broker refuses for good: what is wrong with it, and what to do. Absent: none. */
  readonly refused?: readonly string[];
}

/** A row, and what it says to the world. */
export interface TellingRow {
  readonly row: JournalRow;
  /** Published only behind the row; may be empty. */
  readonly publish: readonly OutboundMessage[];
}

/**
 * What became of a row. `told`: it stands, and all that it says is published, both in one commit. `appended` and
 * `conflict` are those of {@link Journal.append}; nothing of what the row says is published then, and behind `appended`
 * the caller publishes as ever.
 */
export type TellingResult = AppendResult | 'told';

/**
 * A journal that publishes what its rows say.
 *
 * Atomicity: a row and its messages are written both or neither; rows of one call are independent of each other.
 * Concurrency and durability are those of {@link Journal.append}: a row that loses its place says nothing.
 * A bus that refuses a message (no queue, a full one) refuses all of its row, which stands and is `appended`: whoever
 * publishes it then hears why.
 * Errors: those of {@link Journal.append}; where the outcome of some row is unknown, so is whether it is told.
 */
export interface TellingJournal {
  /** Appends rows, at most one per stream in one call (else `TypeError`). Results stand in the order of the rows. */
  append(rows: readonly TellingRow[]): Promise<readonly TellingResult[]>;
  /** Appends rows one behind the other, as {@link Journal.appendInOrder}: results end with the first `conflict`. */
  appendInOrder(rows: readonly TellingRow[]): Promise<readonly TellingResult[]>;
}

/**
 * The event bus. At-least-once, no promise of order.
 *
 * `publish` resolves when every copy is safe at the broker (confirmed and durable); messages of one turn of the
 * event loop share a confirm wait. An unknown confirm is published again by the bus, with the same id.
 * Errors: `StoreUnavailableError` when the bus cannot be reached within its time limit; `UnroutableError` when a
 * mandatory copy found no queue; `BusFullError` when a bounded queue refuses.
 * Consumption survives loss of connection: the bus declares, binds and consumes again by itself; deliveries in
 * hand then come back, and settling the old ones is harmless.
 */
export interface EventBus {
  publish(messages: readonly OutboundMessage[]): Promise<void>;
  /**
   * The journal as one that publishes on this bus what its rows say, in the commit of the row: where both stand in one
   * store. Undefined, or absent: they do not, and what a row says is published behind it.
   */
  telling?(journal: Journal): TellingJournal | undefined;
  declareQueue(declaration: QueueDeclaration): Promise<void>;
  bind(bindings: readonly Binding[]): Promise<void>;
  unbind(bindings: readonly Binding[]): Promise<void>;
  /**
   * Consumes a queue. `handle` gets the deliveries of one turn together (at most `prefetch` unsettled at once) and
   * must not throw. A delivery that came back more than 3 times is handed out alone.
   */
  consume(request: {
    readonly queue: string;
    readonly prefetch: number;
    readonly handle: (deliveries: readonly Delivery[]) => void;
  }): Promise<Consumer>;
  /** Messages ready and unsettled in a queue; a broker that does not tell counts only the unsettled of this process. */
  depth(queue: string): Promise<number>;
  health(): BusHealth;
  /** Tells of changes between up, blocked and down. Returns how to stop listening. */
  onHealth(listener: (health: BusHealth) => void): () => void;
  /** Waits for publishes under way, closes consumers and connections. */
  close(): Promise<void>;
}
