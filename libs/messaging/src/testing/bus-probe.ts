import type { CloudEvent } from '@aura/contracts';
import type { Consumer, Delivery, EventBus, QueueDeclaration, QueueKind } from '../bus';
import type { BusClient, BusUnderTest } from './bus-under-test';

/** How long a case waits for what must come. */
const PATIENCE_MS = 15_000;
/** How long a case listens for what must not come. */
const QUIET_MS = 150;

/** Waits until a condition holds, at most 15 s; then fails with `what`. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await pause(5);
  }
}

/** Lets time pass in which something could go wrong. */
export function quiet(): Promise<void> {
  return pause(QUIET_MS);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A small valid event. */
export function someEvent(id: string, more: Partial<CloudEvent> = {}): CloudEvent {
  return { specversion: '1.0', id, source: 'suite', type: 'test.thing.happened.v1', data: { id }, ...more };
}

/** Ids of the events of deliveries; an undecodable one shows its error's code. */
export function idsOf(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ event }) => (event.ok ? event.value.id : event.error.code));
}

/** What a consumer was given, turn by turn. */
export class Tap {
  readonly turns: (readonly Delivery[])[] = [];
  readonly deliveries: Delivery[] = [];
  #consumer: Consumer | undefined;

  /** Consumes and keeps everything; `onDelivery` may settle. */
  static async on(
    bus: EventBus,
    queue: string,
    { prefetch = 100, onDelivery }: { prefetch?: number; onDelivery?: (delivery: Delivery) => void } = {},
  ): Promise<Tap> {
    const tap = new Tap();
    tap.#consumer = await bus.consume({
      queue,
      prefetch,
      handle: (deliveries) => {
        tap.turns.push(deliveries);
        tap.deliveries.push(...deliveries);
        if (onDelivery) deliveries.forEach(onDelivery);
      },
    });
    return tap;
  }

  /** Consumes and settles at once. */
  static acking(bus: EventBus, queue: string): Promise<Tap> {
    return Tap.on(bus, queue, { onDelivery: (delivery) => delivery.ack() });
  }

  get consumer(): Consumer {
    if (!this.#consumer) throw new Error('not consuming yet');
    return this.#consumer;
  }

  get ids(): readonly string[] {
    return idsOf(this.deliveries);
  }

  /** Waits for `count` deliveries in all. */
  async has(count: number): Promise<readonly Delivery[]> {
    await until(() => this.deliveries.length >= count, `${count} deliveries`).catch((error: unknown) => {
      throw new Error(`had ${this.deliveries.length} of ${count} deliveries`, { cause: error });
    });
    return this.deliveries;
  }

  /** The delivery at a position, from 0, when it has come. */
  async at(index: number): Promise<Delivery> {
    const delivery = (await this.has(index + 1))[index];
    if (!delivery) throw new Error(`no delivery ${index}`);
    return delivery;
  }
}

/** What the cases share: the bus under test, its clients of one case, names of their own. */
export class BusProbe {
  #underTest: BusUnderTest | undefined;
  #count = 0;
  readonly #clients: BusClient[] = [];
  readonly #queues: string[] = [];

  begin(underTest: BusUnderTest): void {
    this.#underTest = underTest;
  }

  get underTest(): BusUnderTest {
    if (!this.#underTest) throw new Error('the factory gave no bus');
    return this.#underTest;
  }

  /** A name that no other case uses. */
  name(word: string): string {
    this.#count += 1;
    return `${this.underTest.prefix}.${word}${this.#count}`;
  }

  /** A client that is closed after the case. */
  async open(): Promise<BusClient> {
    const client = await this.underTest.open();
    this.#clients.push(client);
    return client;
  }

  /** A client's bus; see {@link open}. */
  async bus(): Promise<EventBus> {
    return (await this.open()).bus;
  }

  /** Declares a queue of its own name. */
  async queue(
    bus: EventBus,
    kind: QueueKind = 'work',
    more: Partial<QueueDeclaration> = {},
  ): Promise<string> {
    const queue = this.name(kind);
    if (kind !== 'subscriber') this.#queues.push(queue);
    await bus.declareQueue({ queue, kind, ...more });
    return queue;
  }

  async closeClients(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  async end(): Promise<void> {
    await this.#underTest?.close(this.#queues);
  }
}
