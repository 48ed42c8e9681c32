import { stepEventArrived } from '@aura/contracts';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import type { ViewQuery, ViewRecord, ViewStore } from '@aura/kernel';
import { COORDINATOR_SOURCE, trackerQueue } from '@aura/messaging';
import type { DeliveryContext, EventBus, OutboundMessage, Outcome } from '@aura/messaging';
import { awaitedType } from '@aura/workflow';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { Definitions } from './definitions';
import type { EarlyEvents } from './early-events';
import { eventView } from './event-view';
import { waitPlace } from './wait-views';
import type { WaitBody, WaitField } from './wait-views';
import { present } from '../machine/present';

/** Waits that are looked at, and told, together. */
const PAGE = 1000;

type Wait = ViewRecord<WaitField>;
type Place = NonNullable<ViewQuery<WaitField>['after']>;

/** What an event is to those that wait. */
export interface Awaited {
  /** Whether a definition waits for events of its type at all. */
  readonly isKnown: boolean;
  /** The keys that it gives, by the place that waits for one. */
  readonly keys: ReadonlyMap<string, string>;
}

/** What waits work with. */
export interface EventWaitParts {
  readonly definitions: Pick<Definitions, 'awaiting'>;
  readonly waits: ViewStore<WaitField>;
  readonly early: EarlyEvents;
  readonly bus: Pick<EventBus, 'publish'>;
}

/**
 * Brings events to the sagas that wait for them: to every one whose key the event gives. Whether it still waits its
 * journal decides, in its own partition; an event that nobody waits for yet is held.
 */
export class EventWaits {
  constructor(private readonly parts: EventWaitParts) {}

  /** Whether anybody waits for events of this type, and the keys by which they would. */
  async keysOf(event: CloudEvent): Promise<Awaited> {
    const plans = await this.parts.definitions.awaiting(event.type);
    const keys = plans.flatMap((compiled) =>
      compiled.eventWaits
        .filter(({ builtIn }) => awaitedType(builtIn) === event.type)
        .flatMap((step) => keyAt(compiled, step, event)),
    );
    return { isKnown: plans.length > 0, keys: new Map(keys) };
  }

  /**
   * Hands the event on, or holds it until somebody waits for it. Of many waits all but the last page are told here; a failure
   * has all told once more.
   */
  async bring(context: DeliveryContext, keys: Awaited['keys']): Promise<Outcome> {
    const { event, delivery } = context;
    let publish: readonly OutboundMessage[] = [];
    for await (const waits of this.open(event.type, keys)) {
      if (publish.length > 0) await this.parts.bus.publish(publish);
      publish = waits.map((wait) => arrival(wait, event));
    }
    if (publish.length === 0 && !(await this.hasEndedOne(event, keys))) return this.hold(context, keys);
    if (delivery.headers.heldSince !== undefined) await this.parts.early.claimed(context);
    return { kind: 'done', publish };
  }

  /** The open waits that an event's keys find, in pages of one at least, the oldest first. */
  private async *open(type: string, keys: Awaited['keys']): AsyncGenerator<readonly Wait[]> {
    let after: Place | undefined;
    for (;;) {
      const found = await this.find({ type, keys, isOpen: 1 }, { direction: 'asc', after });
      const waits = found.filter(({ fields }) => keys.get(String(fields.place)) === fields.key);
      if (waits.length > 0) yield waits;
      const last = found.at(-1);
      if (last === undefined || found.length < PAGE) return;
      after = { value: last.fields.begunAt, id: last.id };
    }
  }

  /** Whether an event has ended a wait already, of those that began last: it is delivered twice. */
  private async hasEndedOne(event: CloudEvent, keys: Awaited['keys']): Promise<boolean> {
    const over = await this.find({ type: event.type, keys, isOpen: 0 }, { direction: 'desc' });
    return over.some((wait) => isCausedBy(wait, event));
  }

  private find(
    { isOpen, keys, type }: { readonly type: string; readonly keys: Awaited['keys']; readonly isOpen: 0 | 1 },
    { after, direction }: { readonly direction: 'asc' | 'desc'; readonly after?: Place | undefined },
  ): Promise<readonly Wait[]> {
    return this.parts.waits.find({
      where: [
        { field: 'type', op: 'eq', value: type },
        { field: 'key', op: 'in', value: [...new Set(keys.values())] },
        { field: 'isOpen', op: 'eq', value: isOpen },
      ],
      orderBy: { field: 'begunAt', direction },
      limit: PAGE,
      ...present({ after }),
    });
  }

  private hold(context: DeliveryContext, keys: Awaited['keys']): Promise<Outcome> {
    const { correlationid, type } = context.event;
    const [key = ''] = keys.values();
    return this.parts.early.hold(correlationid ?? key, context, `no saga waits for ${type} with key ${key}`);
  }
}

/** The key that a wait would have for an event; none when the event does not say. */
function keyAt(
  { correlates, plan }: CompiledPlan,
  { id }: PlanStep,
  event: CloudEvent,
): readonly (readonly [string, string])[] {
  const correlate = correlates.get(id);
  const value =
    correlate === undefined ? event.correlationid : valueOf(correlate.evaluate({ event: eventView(event) }));
  if ((typeof value !== 'string' || value === '') && typeof value !== 'number') return [];
  return [[waitPlace(plan.definition, id), String(value)]];
}

function valueOf(
  result: { readonly ok: true; readonly value: JsonValue } | { readonly ok: false },
): JsonValue | undefined {
  return result.ok ? result.value : undefined;
}

function bodyOf({ body }: Wait): WaitBody {
  return JSON.parse(body) as WaitBody;
}

function isCausedBy(wait: Wait, { source, id }: CloudEvent): boolean {
  const { cause } = bodyOf(wait);
  return cause !== null && cause.source === source && cause.id === id;
}

/** To the saga's own partition, where it counts only if the saga still waits. */
function arrival(wait: Wait, event: CloudEvent): OutboundMessage {
  const { step, run } = bodyOf(wait);
  const { id, source, type, time, data, traceparent, tracestate } = event;
  const partition = Number(wait.fields.partition);
  return {
    event: {
      specversion: '1.0',
      id: `${wait.id}/${run}/${source}/${id}`,
      source: COORDINATOR_SOURCE,
      type: stepEventArrived.type,
      datacontenttype: 'application/json',
      correlationid: String(wait.fields.saga),
      causationid: id,
      aurastep: step,
      aurarun: run,
      aurapartition: partition,
      ...present({ time, traceparent, tracestate }),
      data: {
        event: { source, id, type },
        data: data === undefined || data instanceof Uint8Array ? null : data,
      },
    },
    to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }],
  };
}
