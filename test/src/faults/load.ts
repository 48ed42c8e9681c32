import { AuraProblemError, AuraUnreachableError } from '@aura/client';
import type { AuraClient, SagaStanding } from '@aura/client';
import { hasEnded } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import type { Chance } from '@aura/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { ORDER } from './load-definition';
import type { Order } from './load-definition';
import type { LoadJournal } from './load-journal';
import { ANALYSIS, RESERVATIONS, someReservation } from './shipped-workflows';

/** How often it is looked whether enough sagas are in flight, ms. */
const TOP_UP_MS = 50;
/** Most starts of one look, so that a load that begins again does not come as a flood. */
const MOST_AT_ONCE = 20;
const ASK_EVERY_MS = 500;
const MOST_QUESTIONS = 12;
/** Between two tries of one start, ms. */
const TRY_AGAIN_MS = 1000;
/** HTTP status of who says to come later. */
const LATER: readonly number[] = [429, 502, 503, 504];
const CUSTOMERS = 1000;
const ITEMS = 4000;

/** Publishes an order as a CloudEvent and resolves with its saga once the broker has confirmed it. */
export type PlaceOrder = (
  id: string,
  order: Order,
) => Promise<{ readonly source: string; readonly saga: string }>;

/** What a load is made of. */
export interface LoadOptions {
  /** Doors of the coordinators; any of them will do. */
  readonly clients: readonly AuraClient[];
  readonly journal: LoadJournal;
  readonly chance: Chance;
  /** Sagas in flight, started ones and those being started together. */
  readonly inFlight: number;
  /** Digest of the picture. */
  readonly image: string;
  /** How long the two slow steps of an order take at most, ms. */
  readonly delayMs: number;
  /** A saga of which no end was heard for so long is asked for, ms. */
  readonly askAfterMs: number;
  /** Absent: orders come by HTTP alone. */
  readonly placeOrder?: PlaceOrder;
}

/** What a load has done so far. */
export interface LoadCounts {
  readonly started: number;
  readonly confirmed: number;
  readonly ended: number;
  readonly mostInFlight: number;
}

/**
 * Keeps sagas in flight: orders by HTTP and by event, of which some are refused at their last step, reservations, and analyses. Whatever
 * it is told is on disk in its journal before it goes on. A start is sent until it is acknowledged, under one key.
 */
export class Load {
  private readonly open = new Map<string, number>();
  private readonly starting = new Set<Promise<void>>();
  private readonly counts = { started: 0, confirmed: 0, ended: 0, mostInFlight: 0 };
  private readonly unforeseen: unknown[] = [];
  private keys = 0;
  private isStopped = false;
  private isClosed = false;
  private asking: Promise<void> = Promise.resolve();
  private toppingUp: Promise<void> = Promise.resolve();

  constructor(private readonly options: LoadOptions) {}

  /** Begins. */
  begin(): void {
    this.toppingUp = this.topUp();
    this.asking = this.ask().catch((error: unknown) => void this.unforeseen.push(error));
  }

  /** What was told so far. */
  get told(): LoadCounts {
    return this.counts;
  }

  /** Sagas whose end was not told yet. */
  get inFlight(): number {
    return this.open.size;
  }

  /** Somebody says that a saga has ended: an event, or an answer. Sagas that are not of this load are passed over. */
  async onEnd(saga: string, status: string): Promise<void> {
    if (!this.open.delete(saga)) return;
    await this.options.journal.note({ told: 'ended', saga, status });
    this.counts.ended += 1;
  }

  /** Starts nothing more, and waits until every start is acknowledged. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.toppingUp;
    await Promise.all(this.starting);
  }

  /**
   * Waits until an end was told of every saga; answers those of which none was within the time. Errors: what went wrong
   * that no fault explains.
   */
  async landed(withinMs: number): Promise<readonly string[]> {
    for (const since = performance.now(); this.open.size > 0 && performance.now() - since < withinMs;)
      await delay(ASK_EVERY_MS);
    this.isClosed = true;
    await this.asking;
    if (this.unforeseen.length > 0)
      throw new AggregateError(this.unforeseen, this.unforeseen.map(String).join('\n'));
    return [...this.open.keys()];
  }

  /** Ends it where it stands: the run has failed. */
  abandon(): void {
    this.isStopped = true;
    this.isClosed = true;
  }

  private async topUp(): Promise<void> {
    while (!this.isStopped) {
      const missing = this.options.inFlight - this.open.size - this.starting.size;
      for (let n = 0; n < Math.min(missing, MOST_AT_ONCE); n++) this.startOne();
      this.counts.mostInFlight = Math.max(this.counts.mostInFlight, this.open.size);
      await delay(TOP_UP_MS);
    }
  }

  private startOne(): void {
    const starting = this.anyStart().catch((error: unknown) => void this.unforeseen.push(error));
    this.starting.add(starting);
    void starting.finally(() => this.starting.delete(starting));
  }

  private anyStart(): Promise<void> {
    const { chance, placeOrder, image, delayMs } = this.options;
    const key = `start-${++this.keys}-${chance.next().toString(36)}`;
    if (chance.hits(100)) return this.byHttp(key, ANALYSIS, { image, query: 'something warm for autumn' });
    if (chance.hits(300)) return this.byHttp(key, chance.pick(RESERVATIONS), someReservation(chance));
    const order: Order = {
      image,
      customer: `customer-${chance.below(CUSTOMERS)}`,
      amount: chance.between(1, 3),
      item: `item-${chance.below(ITEMS)}`,
      delayMs: chance.between(delayMs >> 2, delayMs),
      fails: chance.hits(250),
    };
    return placeOrder !== undefined && chance.hits(250)
      ? this.byEvent(key, order, placeOrder)
      : this.byHttp(key, ORDER, order);
  }

  private async byEvent(id: string, order: Order, placeOrder: PlaceOrder): Promise<void> {
    const { source, saga } = await placeOrder(id, order);
    this.open.set(saga, performance.now());
    await this.options.journal.note({ told: 'confirmed', source, id, saga });
    this.counts.confirmed += 1;
  }

  private async byHttp(
    key: string,
    workflow: string,
    input: Readonly<Record<string, JsonValue>>,
  ): Promise<void> {
    for (let n = this.keys; !this.isClosed; n++) {
      const saga = await ifAnswered(() => this.client(n).start(workflow, input, { idempotencyKey: key }));
      if (saga === undefined) {
        await delay(TRY_AGAIN_MS);
        continue;
      }
      const { sagaId } = saga;
      this.open.set(sagaId, performance.now());
      await this.options.journal.note({ told: 'started', key, saga: sagaId, workflow });
      this.counts.started += 1;
      return;
    }
  }

  private client(n: number): AuraClient {
    const client = this.options.clients[n % this.options.clients.length];
    if (client === undefined) throw new RangeError('a load needs a client');
    return client;
  }

  /** Asks for sagas whose end was not heard: whoever listens to events misses those of an outage. */
  private async ask(): Promise<void> {
    for (let n = 0; !this.isClosed; n++) {
      const before = performance.now() - this.options.askAfterMs;
      const due = [...this.open].filter(([, since]) => since < before).slice(0, MOST_QUESTIONS);
      await Promise.all(due.map(([saga]) => this.askFor(saga, this.client(n))));
      await delay(ASK_EVERY_MS);
    }
  }

  private async askFor(saga: string, client: AuraClient): Promise<void> {
    const standing = await this.standing(saga, client);
    // Whoever is asked goes to the end of the line.
    if (this.open.delete(saga)) this.open.set(saga, performance.now());
    if (standing !== undefined && hasEnded(standing.status)) await this.onEnd(saga, standing.status);
  }

  private async standing(saga: string, client: AuraClient): Promise<SagaStanding | undefined> {
    // An event that was confirmed is a saga a moment later.
    return ifAnswered(() => client.status(saga), [404]);
  }
}

/** Undefined when the faults spoke: nobody answered, or somebody said to come later. */
async function ifAnswered<T>(
  ask: () => Promise<T>,
  alsoLater: readonly number[] = [],
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AuraUnreachableError) return undefined;
    if (error instanceof AuraProblemError && [...LATER, ...alsoLater].includes(error.status))
      return undefined;
    throw error;
  }
}
