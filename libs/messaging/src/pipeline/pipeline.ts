import type { CloudEvent } from '@aura/contracts';
import { NO_METER } from '@aura/kernel';
import type { ClaimCheck, Log, Meter, World } from '@aura/kernel';
import type { Consumer, Delivery, EventBus } from '../bus';
import type { Inbox } from '../fast-stores';
import { VainTries } from '../vain-tries';
import { decode } from './decode';
import { DeliveryReport } from './delivery-report';
import type { DefinitionName } from './delivery-report';
import { errorRecordOf } from './error-record';
import { failures } from './failures';
import type { OutageWatch } from './failures';
import { GiveBacks } from './give-backs';
import { inboxMiddleware } from './inbox';
import { compose } from './middleware';
import type { DeliveryContext, Handler, Middleware } from './middleware';
import { pausedWhileBlocked } from './paused-while-blocked';
import { payload } from './payload';
import { handTraceOn, trace } from './trace';

/** What a consumer is made of. */
export interface ConsumerOptions {
  readonly bus: EventBus;
  readonly world: World;
  readonly queue: string;
  /** Most deliveries in hand. */
  readonly prefetch: number;
  /** Name of the consumer, e.g. the participant. */
  readonly consumer: string;
  /** CloudEvents source of what the pipeline itself publishes (dead letters). */
  readonly source: string;
  /** Absent: the handler itself knows what is done (the coordinator's fold). */
  readonly inbox?: Inbox;
  /** Where the handler's events find data that travelled by reference; absent: the handler reads what it needs itself. */
  readonly claims?: ClaimCheck;
  readonly outage: OutageWatch;
  /** Told what the pipeline cannot answer to anybody else. */
  readonly log: Log;
  /** Default: nobody counts. */
  readonly meter?: Meter;
  /** For lines about sagas; default: none is known. */
  readonly definitionName?: DefinitionName;
  /** Who makes the spans of recorded traces: the pipeline one for each delivery (default), or the handler its own. */
  readonly spans?: 'pipeline' | 'handler';
  readonly handler: Handler;
}

const UNDECODED: CloudEvent = Object.freeze({ specversion: '1.0', id: '', source: '', type: '' });

/**
 * Consumes a queue through the pipeline, read top to bottom in `middlewares`:
 * trace, failures and dead letters, decode, inbox, payload, handler; then publish with confirm, mark, ack. A dead letter is
 * published before what it leaves behind is recorded.
 */
export async function consumeThrough(options: ConsumerOptions): Promise<Consumer> {
  const { bus, claims, inbox, log, world, source, outage } = options;
  const report = new DeliveryReport({ meter: NO_METER, ...options });
  const middlewares: readonly Middleware[] = [
    options.spans === 'handler' ? handTraceOn : trace,
    failures({ bus, world, source, outage, report }),
    decode,
    ...(inbox === undefined
      ? []
      : [inboxMiddleware(inbox, (error) => log.warn('inbox not available; going on without', { error }))]),
    ...(claims === undefined ? [] : [payload(claims)]),
  ];
  const run = compose(middlewares, options.handler);
  const giveBacks = new GiveBacks(world);
  const settling = { ...options, report, giveBacks, refused: new VainTries(world) };
  const handle = (delivery: Delivery): void => {
    void settle(delivery, run, settling);
  };
  const consumer = await bus.consume({
    queue: options.queue,
    prefetch: options.prefetch,
    handle: (deliveries) => deliveries.forEach(handle),
  });
  return pausedWhileBlocked(giveBacks.stoppedWith(consumer), options);
}

interface Settling extends ConsumerOptions {
  readonly report: DeliveryReport;
  readonly giveBacks: GiveBacks;
  /** Sagas of which something could not be published: each delivery of theirs tries it again, and is not told of each time. */
  readonly refused: VainTries;
}

async function settle(delivery: Delivery, run: Handler, options: Settling): Promise<void> {
  const context: DeliveryContext = {
    delivery,
    consumer: options.consumer,
    event: delivery.event.ok ? delivery.event.value : UNDECODED,
    attempt: delivery.headers.attempt ?? 1,
  };
  try {
    const outcome = await run(context);
    if (outcome.kind === 'done') {
      if (outcome.publish.length > 0) await options.bus.publish(outcome.publish);
      outcome.published?.();
      if (outcome.publish.length > 0) options.refused.remove(sagaOrEvent(context));
    }
    delivery.ack();
  } catch (error) {
    giveBackLater(context, error, options);
  }
}

/** Nothing is lost: the outcome stands in the journal or can be made again, and the delivery comes back. */
function giveBackLater(context: DeliveryContext, error: unknown, options: Settling): void {
  warnOf(context, error, options);
  options.outage.failed(context, errorRecordOf(error, 'technical'));
  options.giveBacks.later(context.delivery);
}

function warnOf(context: DeliveryContext, error: unknown, { refused, log, report }: Settling): void {
  const about = sagaOrEvent(context);
  if (refused.isResting(about)) return;
  refused.add(about);
  log.warn('outcome not published; the delivery is given back', { error, ...report.about(context) });
}

function sagaOrEvent({ event: { correlationid, source, id } }: DeliveryContext): string {
  return correlationid ?? `${source} ${id}`;
}
