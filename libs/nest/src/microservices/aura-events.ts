import { UnsafeSetupError } from '@aura/kernel';
import {
  consumeThrough,
  DEAD_LETTERS_QUEUE,
  DONE,
  EVENTS_EXCHANGE,
  OUTAGE_DEFAULTS,
  OutageBreaker,
  participantSource,
} from '@aura/messaging';
import type { Consumer, DeliveryContext, Outcome } from '@aura/messaging';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { AuraRuntime } from '../runtime/runtime';
import { AuraEventContext } from './aura-event-context';

/** How a service subscribes. */
export interface AuraEventsOptions {
  /** Name of the service; its instances share one queue, `aura.events.<service>`. */
  readonly service: string;
  /** Most events in hand; default 100. */
  readonly prefetch?: number;
  /** Time for what is in hand at the end, ms; default 5000. */
  readonly graceMs?: number;
}

/**
 * Subscribes the handlers of `@EventPattern('<CloudEvents type>')`. An event is acked after its handler; one that fails is
 * retried on the ladder of the pipeline and ends as a dead letter, `BusinessError` and `TerminalError` at once. Handlers
 * of one type are retried together and must be idempotent by the event's source and id.
 */
export class AuraEvents extends Server implements CustomTransportStrategy {
  #consumer: Consumer | undefined;
  readonly #outage: OutageBreaker;

  constructor(
    private readonly runtime: AuraRuntime,
    private readonly options: AuraEventsOptions,
  ) {
    super();
    const { log, world } = runtime;
    this.#outage = new OutageBreaker(world, OUTAGE_DEFAULTS, {
      paused: (untilMs, error) => log.warn(`${this.queue} is paused`, { untilMs, error: error.message }),
      resumed: () => log.warn(`${this.queue} goes on`),
      failed: (error) => log.warn(`${this.queue} could not be paused or resumed`, { error }),
    });
  }

  /** The service's queue. */
  get queue(): string {
    return `aura.events.${this.options.service}`;
  }

  /** Nest calls it; errors go to `callback`. */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    this.#outage.stop();
    await this.#consumer?.stop(this.options.graceMs ?? 5000);
  }

  /** There is nothing to listen to: ask `AuraHealth`. */
  on(event: string): never {
    throw new TypeError(`AuraEvents tells nothing of ${event}; AuraHealth says how the bus stands`);
  }

  /** The consumption. */
  unwrap<T>(): T {
    return this.#consumer as T;
  }

  async #start(): Promise<void> {
    const { bus, claims, world, log, meter } = this.runtime;
    const { service, prefetch = 100 } = this.options;
    const types = this.#types();
    const { inbox } = (await this.runtime.stores(service)).fast;
    await bus.declareQueue({ queue: this.queue, kind: 'work' });
    await bus.declareQueue({ queue: DEAD_LETTERS_QUEUE, kind: 'work' });
    // A type is seen as it is (foreign events), and with a definition behind it (step events).
    const keys = types.flatMap((type) => [type, `${type}.*`]);
    await bus.bind(keys.map((key) => ({ kind: 'queue', queue: this.queue, exchange: EVENTS_EXCHANGE, key })));
    this.#consumer = await consumeThrough({
      ...{ bus, claims, world, log, meter, inbox, prefetch },
      queue: this.queue,
      consumer: service,
      source: participantSource(service),
      outage: this.#outage,
      handler: (context) => this.#handle(context),
    });
    this.#outage.guard(this.#consumer);
  }

  #types(): readonly string[] {
    const asked = [...this.messageHandlers].filter(([, { isEventHandler }]) => isEventHandler !== true);
    if (asked.length === 0) return [...this.messageHandlers.keys()];
    throw new UnsafeSetupError(
      `@MessagePattern(${asked.map(([pattern]) => pattern).join(', ')}) cannot be served: events have no answer`,
      'Use @EventPattern, and publish an event for what is to be known.',
    );
  }

  async #handle({ event, attempt }: DeliveryContext): Promise<Outcome> {
    const handler: MessageHandler | undefined = this.messageHandlers.get(event.type);
    // Bound by an earlier version of the service, perhaps: nobody wants it any more.
    if (handler === undefined) return DONE;
    const answer: unknown = await handler(event.data, new AuraEventContext([event, attempt]));
    await lastValueFrom(this.transformToObservable(answer), { defaultValue: undefined });
    return DONE;
  }
}
