import type { CloudEvent } from '@aura/contracts';
import { consumeThrough, DEAD_LETTERS_QUEUE, NO_OUTAGE } from '@aura/messaging';
import type {
  Consumer,
  ConsumerOptions,
  Delivery,
  DeliveryContext,
  OutboundMessage,
  Outcome,
} from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import { Ground } from '../ground/ground';

/** The queue that is consumed, and one to publish to. */
export const WORK = 'aura.test.work';
export const OUT = 'aura.test.out';

/** A consumer on an embedded bus, whose handler a spec scripts, and everything that it leaves behind. */
export class Consumption {
  /** Contexts that the handler was called with, in order. */
  readonly calls: DeliveryContext[] = [];

  private constructor(
    readonly ground: Ground,
    readonly out: readonly Delivery[],
    readonly dead: readonly Delivery[],
  ) {}

  static async open(): Promise<Consumption> {
    const ground = await Ground.open();
    await ground.queues(WORK, OUT, DEAD_LETTERS_QUEUE);
    return new Consumption(ground, await ground.drain(OUT), await ground.drain(DEAD_LETTERS_QUEUE));
  }

  get world() {
    return this.ground.world;
  }

  /** Consumes with a handler; `bus` is a client of its own where a spec kills it. */
  consume(
    handler: (context: DeliveryContext) => Promise<Outcome> | Outcome,
    more: Partial<ConsumerOptions> = {},
  ): Promise<Consumer> {
    return consumeThrough({
      bus: this.ground.bus,
      world: this.world,
      queue: WORK,
      prefetch: 10,
      consumer: 'tester',
      source: '/aura/tester',
      outage: NO_OUTAGE,
      log: this.ground.log,
      handler: async (context) => {
        this.calls.push(context);
        return handler(context);
      },
      ...more,
    });
  }

  /** Sends an event of a saga to the consumer. */
  send(id: string, more: Partial<CloudEvent> = {}, headers?: OutboundMessage['headers']): Promise<void> {
    return this.ground.send(WORK, someEvent(id, { correlationid: `saga-${id}`, ...more }), headers);
  }

  /** Waits until the handler was called so often. */
  called(times: number): Promise<void> {
    return until(() => this.calls.length >= times, `${times} calls, had ${this.calls.length}`);
  }

  close(): Promise<void> {
    return this.ground.close();
  }
}

/** A message to the queue {@link OUT}. */
export function toOut(id: string, more: Partial<CloudEvent> = {}): OutboundMessage {
  return { event: someEvent(id, more), to: [{ kind: 'queue', queue: OUT }] };
}
