import { encodeStructured } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { ok } from '@aura/kernel';
import { merged, trackerQueue } from '@aura/messaging';
import type {
  Delivery,
  DeliveryContext,
  Done,
  EventBus,
  Handler,
  OutboundMessage,
  Outcome,
} from '@aura/messaging';
import type { LedTo } from './sequel';

/** The coordinator's name as a consumer. */
export const COORDINATOR_CONSUMER = 'coordinator';

/**
 * A handler that handles at once what a delivery leads to, where all of it is for its own queue and saga: a transaction's end,
 * for the saga whose step it is, need not go by the broker to whoever has it in hand already. What cannot be handled so is
 * published as ever, and what others wait for never waits for it. Who dies between has a row whose words are not known to be
 * published: whoever takes over says them.
 */
export function handingOver(handler: Handler): Handler {
  return (context) => new HandOver(handler).handle(context);
}

/** One delivery, and what it leads to. */
class HandOver {
  /** What was taken: until all of it is published, whoever is asked again says it again. */
  private readonly taken = new Set<string>();

  constructor(private readonly handler: Handler) {}

  async handle(context: DeliveryContext): Promise<Outcome> {
    const outcome = await this.handler(context);
    if (outcome.kind !== 'done') return outcome;
    const isFirst = this.taken.size === 0;
    const publish = outcome.publish.filter((message) => isFirst || !this.isTaken(message, context));
    const isAllOwn = publish.length > 0 && publish.every((message) => isOwn(message, context));
    if (!isAllOwn) return { ...outcome, publish };
    const fresh = publish.filter(({ event }) => this.isFresh(event));
    this.taken.add(nameOf(context.event));
    const { queue } = context.delivery;
    const taken = await Promise.all(fresh.map((message) => this.handed(onTrace(message, context), queue)));
    return merged([{ ...outcome, publish: [] }, ...taken]);
  }

  /** What is told to others is another message, though it may be the same event. */
  private isTaken(message: OutboundMessage, context: DeliveryContext): boolean {
    return isOwn(message, context) && this.taken.has(nameOf(message.event));
  }

  private isFresh(event: CloudEvent): boolean {
    const known = this.taken.size;
    return this.taken.add(nameOf(event)).size > known;
  }

  /** What it came to; where that is to try again, or nobody knows, the broker brings it. */
  async handed(message: OutboundMessage, queue: string): Promise<Done> {
    const publishing: Done = { kind: 'done', publish: [message] };
    try {
      const outcome = await this.handle(handedContext(message, queue));
      return outcome.kind === 'done' ? outcome : publishing;
    } catch {
      // Whatever went wrong goes wrong again behind the broker, where it is answered.
      return publishing;
    }
  }
}

/** What handed words come to of somebody who has no delivery in hand. */
export interface HandedTo {
  readonly bus: Pick<EventBus, 'publish'>;
  /** Of the tracker's queues. */
  readonly handler: Handler;
  /** Partitions whose queues this instance consumes. */
  readonly owned: () => readonly number[];
}

/**
 * Publishes messages. Those that are for nothing but the queue of an own partition are handled at once instead, and what that
 * comes to is published; what cannot be handled so is published as ever. Resolves when everything is confirmed.
 */
export async function sayOrHandOver(messages: readonly OutboundMessage[], to: HandedTo): Promise<void> {
  const queues = new Set(to.owned().map(trackerQueue));
  const own = messages.filter((message) => queues.has(onlyQueueOf(message) ?? ''));
  const others = messages.filter((message) => !own.includes(message));
  const saying = others.length === 0 ? [] : [to.bus.publish(others)];
  await Promise.all([...saying, ...own.map((message) => handOver(message, to))]);
}

async function handOver(message: OutboundMessage, { bus, handler }: HandedTo): Promise<void> {
  const done = await new HandOver(handler).handed(message, onlyQueueOf(message) ?? '');
  return sayHanded({ of: message, done }, bus);
}

/** Publishes what a message came to that was handed over. */
export async function sayHanded(
  { of: message, done: { publish, published } }: LedTo,
  bus: HandedTo['bus'],
): Promise<void> {
  try {
    if (publish.length > 0) await bus.publish(publish);
  } catch {
    // Whoever asked is not to hear what others' queues refuse: it is said again, and refused, where the message is handled.
    return bus.publish([message]);
  }
  published?.();
}

function nameOf({ source, id }: CloudEvent): string {
  return `${source}|${id}`;
}

/** Whether a message is for nobody but the queue of the delivery, and about its saga. */
function isOwn(message: OutboundMessage, { delivery, event }: DeliveryContext): boolean {
  return onlyQueueOf(message) === delivery.queue && message.event.correlationid === event.correlationid;
}

/** Whether a message is for nobody but the queue of one of these partitions, of whose sagas it speaks, and has not been there before. */
export function isForOwn(message: OutboundMessage, owned: readonly number[]): boolean {
  const { aurapartition: partition = -1 } = message.event;
  return onlyQueueOf(message) === trackerQueue(partition) && owned.includes(partition);
}

/** The queue that alone a message is for, unless it has been there before. */
function onlyQueueOf({ headers, to }: OutboundMessage): string | undefined {
  const [target] = to;
  return target?.kind === 'queue' && to.length === 1 && headers === undefined ? target.queue : undefined;
}

/** As it would arrive: on the trace of its cause. */
function onTrace(message: OutboundMessage, { event: cause }: DeliveryContext): OutboundMessage {
  const { traceparent, tracestate } = cause;
  if (message.event.traceparent !== undefined || traceparent === undefined) return message;
  const event = { ...message.event, traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
  return { ...message, event };
}

/** A message of the coordinator as a first delivery of one of its queues, which nobody delivered. */
export function handedContext({ event }: OutboundMessage, queue: string): DeliveryContext {
  return {
    delivery: new HandedDelivery(queue, event),
    event,
    consumer: COORDINATOR_CONSUMER,
    attempt: 1,
  };
}

/** A delivery that nobody delivered: there is nothing to settle. */
class HandedDelivery implements Delivery {
  readonly headers = {};
  readonly redelivered = false;
  readonly returns = 0;
  readonly event: Delivery['event'];

  constructor(
    readonly queue: string,
    private readonly handed: CloudEvent,
  ) {
    this.event = ok(handed);
  }

  envelope(): ReturnType<Delivery['envelope']> {
    const { body, contentType } = encodeStructured(this.handed);
    return { bytes: body, contentType, headers: {} };
  }

  ack(): void {
    // Nobody waits for it.
  }

  giveBack(): void {
    // What is not done is published by whoever handed it over.
  }
}
