import type { EventBus } from '../bus';

/** One client of the bus: what one service process would hold. */
export interface BusClient {
  readonly bus: EventBus;
  /** Loses the client as a kill of its process would: nothing is settled, nothing said; what it had in hand comes back. */
  crash(): Promise<void>;
  /** Puts bytes into a queue as a foreign publisher would. Headers are the transport's, e.g. `cloudEvents:id`. */
  injectRaw(
    queue: string,
    bytes: Uint8Array,
    contentType: string | undefined,
    headers: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  close(): Promise<void>;
}

/** A bus that several clients share. */
export interface BusUnderTest {
  /** Begins every queue name and key of the suite, so that suites can share a broker; `[a-z0-9-]+`. */
  readonly prefix: string;
  /** Where deliveries at the limit go; `aura.crashed` unless a shared broker asks for another name. */
  readonly crashedQueue: string;
  /** Another client of the same bus. */
  open(): Promise<BusClient>;
  /** Frees everything; `queues` are the durable queues that the suite declared. */
  close(queues: readonly string[]): Promise<void>;
}
