import type { CloudEvent, UnclaimedEvent } from '@aura/contracts';
import type { FieldCondition, ViewDefinition, ViewRecord, ViewStore, World } from '@aura/kernel';
import type { Delivery, DeliveryContext, Outcome } from '@aura/messaging';
import { leaveNothing } from '@aura/messaging';

/** How long an event without its saga is held, by the waits that were asked for: clocks of coordinators differ, ms. */
const HOLD_MS = 5 * 60_000;
/** First and longest wait between two looks, ms. */
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 10_000;
/** Events of one list. */
const MOST_LISTED = 1000;

/** Fields of the list of events whose saga is not known yet. */
export type EarlyField = 'saga' | 'type' | 'heldSince';

/** The visible list of held events. */
export const EARLY_VIEWS: ViewDefinition<EarlyField> = {
  name: 'early_events',
  fields: { saga: 'text', type: 'text', heldSince: 'integer' },
  indexes: [['heldSince'], ['saga']],
};

/** A held event, as it came. */
export interface EarlyEvent {
  readonly event: CloudEvent;
  readonly saga: string;
  /** ms since 1970. */
  readonly since: number;
  /** About when it becomes a dead letter, ms since 1970. */
  readonly until: number;
}

/**
 * Holds events that came before their saga, each once: looked up again after a while, visible meanwhile, at the end a
 * dead letter.
 * The list has each event as it came, so that one whose queue was lost can be brought again.
 */
export class EarlyEvents {
  constructor(
    private readonly store: ViewStore<EarlyField>,
    private readonly world: World,
  ) {}

  /** `reason`: what is missing. */
  async hold(
    saga: string,
    { delivery, event }: DeliveryContext,
    reason = `no saga ${saga} is known`,
  ): Promise<Outcome> {
    const id = earlyId(event);
    const known = await this.store.get(id);
    if (known?.version === DROPPED) return this.dropped(id, known.body);
    const { heldForMs = 0 } = delivery.headers;
    if (heldForMs >= HOLD_MS) return this.unclaimed(id, reason);
    if (isFurtherCopy(known, delivery)) return { kind: 'dropped', reason: 'it is held already' };
    if (known === undefined) await this.enlist(id, saga, event);
    const delayMs = Math.min(Math.max(FIRST_LOOK_MS, heldForMs), LONGEST_LOOK_MS);
    return { kind: 'held', reason, delayMs, heldForMs: heldForMs + delayMs };
  }

  /** An event found its saga. */
  async claimed({ event }: DeliveryContext): Promise<void> {
    await this.store.remove([earlyId(event)]);
  }

  /** Events that are held, oldest first; of those held since before a time (ms since 1970), when it is given. */
  async list(before?: number): Promise<readonly EarlyEvent[]> {
    const where: readonly FieldCondition<EarlyField>[] =
      before === undefined ? [] : [{ field: 'heldSince', op: 'lt', value: before }];
    const orderBy = { field: 'heldSince', direction: 'asc' } as const;
    const views = await this.store.find({ where, orderBy, limit: MOST_LISTED });
    return views.filter(({ version }) => version === HELD).map(earlyOf);
  }

  /** One that is held, by {@link earlyId}. */
  async find(id: string): Promise<EarlyEvent | undefined> {
    const view = await this.store.get(id);
    return view?.version === HELD ? earlyOf(view) : undefined;
  }

  /** Has an event dropped when it comes next; answers it as it was held. */
  async drop(id: string, reason: string): Promise<EarlyEvent | undefined> {
    const view = await this.store.get(id);
    if (view?.version !== HELD) return undefined;
    await this.store.put([{ ...view, version: DROPPED, body: JSON.stringify({ reason }) }]);
    return earlyOf(view);
  }

  private async enlist(id: string, saga: string, event: CloudEvent): Promise<void> {
    const fields = { saga, type: event.type, heldSince: this.world.clock.now() };
    await this.store.put([{ id, version: HELD, fields, body: JSON.stringify(event) }]);
  }

  private async unclaimed(id: string, reason: string): Promise<Outcome> {
    await this.store.remove([id]);
    const message = `${reason}, after ${HOLD_MS} ms`;
    const error = { kind: 'technical', code: 'UNCLAIMED_EVENT', message } as const;
    return { kind: 'dead', error, targets: [], onDead: leaveNothing };
  }

  private async dropped(id: string, body: string): Promise<Outcome> {
    await this.store.remove([id]);
    const { reason } = JSON.parse(body) as { readonly reason: string };
    return { kind: 'dropped', reason: `a person gave it up: ${reason}` };
  }
}

/**
 * Whether an event is held already and a further copy of it comes, which would be held anew behind the end of the first.
 * One that was in hand before may be the only one there is.
 */
function isFurtherCopy(
  known: ViewRecord<EarlyField> | undefined,
  { headers, redelivered, returns }: Delivery,
): boolean {
  const wasInHand = redelivered || returns > 0;
  return (
    known !== undefined && !wasInHand && headers.heldSince === undefined && headers.attempt === undefined
  );
}

/** Versions of a view: an event that waits, and one that a person gave up. */
const HELD = 1;
const DROPPED = 2;

/** How long an event is held: of one that is listed for longer, its queue may be gone, ms. */
export const MOST_HELD_MS = HOLD_MS;

/** Id of a held event: (source, id). */
export function earlyId({ source, id }: Pick<CloudEvent, 'source' | 'id'>): string {
  return `${source} ${id}`;
}

function earlyOf({ fields, body }: ViewRecord<EarlyField>): EarlyEvent {
  const since = Number(fields.heldSince);
  return {
    event: JSON.parse(body) as CloudEvent,
    saga: String(fields.saga),
    since,
    until: since + HOLD_MS,
  };
}

/** Whether it came from outside, for a saga that is to wait for it, and not from a step of a saga. */
export function isForeign({ aurastep }: CloudEvent): boolean {
  return aurastep === undefined;
}

/** A held event as people see it. */
export function unclaimedOf({ event, saga, since, until }: EarlyEvent): UnclaimedEvent {
  const { type, source, id } = event;
  const at = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
  const missing = isForeign(event)
    ? `gives the key ${saga}, for which no saga waits`
    : `names saga ${saga}, which nobody has started`;
  const why = `Event ${source} ${id} (${type}) ${missing}; about ${at.until}, or a while behind where its queue was lost, the coordinator makes a dead letter of it.`;
  return { type, source, id, correlation: saga, ...at, why };
}
