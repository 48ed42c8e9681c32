import { livenessOverdue } from '@aura/contracts';
import type { CloudEvent, Standing } from '@aura/contracts';
import { NO_METER } from '@aura/kernel';
import { COORDINATOR_SOURCE, EVENTS_EXCHANGE, INGRESS_QUEUE, trackerQueue } from '@aura/messaging';
import type { Destination, OutboundMessage } from '@aura/messaging';
import { isForeign, MOST_HELD_MS } from './early-events';
import type { EarlyEvents } from './early-events';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { Rebuild } from './rebuild';
import { Rounds } from './rounds';
import type { Standings } from './standings';

/** What is overdue is told again after this time, ms. */
const REMIND_MS = 3_600_000;
/** A held event is brought again once it was seen overdue for so long: one whose queue is there has come to its end by then, ms. */
const BRING_MS = MOST_HELD_MS + 60_000;

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly standings: Pick<
    Standings,
    'overdueSagas' | 'overdueTransactions' | 'overdueOthers' | 'untimedSagas'
  >;
  readonly early: Pick<EarlyEvents, 'find'>;
  /** Partitions of this instance; whoever has the first one looks after what belongs to none. */
  readonly owned: () => readonly number[];
  /** Puts the views of sagas right. */
  readonly rebuild: Pick<Rebuild, 'mend'>;
  /** Publishes what a saga's rows say, and writes its view. */
  readonly onSaga: (saga: string) => void;
  /** The same for a transaction. */
  readonly onTransaction: (transaction: string) => Promise<unknown>;
}

/**
 * Looks round for what has not ended and is past the time that it said, or does not say what it waits for. Brings it again
 * where that may help (a saga whose view is behind, an event whose queue was lost), and tells of it: an event, a number and
 * a line of the log, once an hour.
 */
export class Reconciler {
  private readonly told = new Map<string, number>();
  /** Held events that are overdue, and since when they were seen or brought again by the monotonic clock, ms. */
  private readonly overdueEvents = new Map<string, number>();
  private readonly rounds: Rounds;

  constructor(
    private readonly ports: CoordinatorPorts,
    options: CoordinatorOptions,
    private readonly parts: ReconcilerParts,
  ) {
    this.rounds = new Rounds(ports.world, options.reconcileMs, {
      look: () => this.look(),
      failed: (error) => ports.log.warn('what is overdue could not be looked for; trying again', { error }),
    });
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async look(): Promise<void> {
    const owned = this.parts.owned();
    if (owned.length === 0) return;
    const now = this.ports.world.clock.now();
    const { standings, rebuild } = this.parts;
    await rebuild.mend(await standings.untimedSagas(owned));
    const sagas = await standings.overdueSagas(now, owned);
    const transactions = await standings.overdueTransactions(now, owned);
    const others = owned.includes(0) ? await standings.overdueOthers(now) : [];
    const overdue = [...sagas, ...transactions, ...others];
    await this.act(overdue);
    await this.tell(overdue, now);
  }

  private async act(overdue: readonly Standing[]): Promise<void> {
    const ids = new Set(overdue.map(({ id }) => id));
    for (const id of this.overdueEvents.keys()) if (!ids.has(id)) this.overdueEvents.delete(id);
    for (const { kind, id } of overdue) {
      if (kind === 'saga') this.parts.onSaga(id);
      if (kind === 'transaction') await this.parts.onTransaction(id);
      if (kind === 'event') await this.bringAgain(id);
    }
  }

  /**
   * Its queue may be gone; it is held once more for its time, unless what it wants is there by now and claims it. The wall clock alone
   * says nothing: it may have been set, or nobody was there to look at the event.
   */
  private async bringAgain(id: string): Promise<void> {
    const now = this.ports.world.clock.monotonic();
    const since = this.overdueEvents.get(id);
    if (since === undefined) this.overdueEvents.set(id, now);
    if (since === undefined || now - since < BRING_MS) return;
    const held = await this.parts.early.find(id);
    if (held === undefined) return;
    const { event, since: heldSince } = held;
    const to: Destination = isForeign(event)
      ? { kind: 'queue', queue: INGRESS_QUEUE }
      : { kind: 'queue', queue: trackerQueue(event.aurapartition ?? 0), batch: true };
    await this.ports.bus.publish([{ event, to: [to], headers: { heldSince } }]);
    this.overdueEvents.set(id, now);
  }

  private async tell(overdue: readonly Standing[], now: number): Promise<void> {
    const standing = new Set(overdue.map(keyOf));
    for (const key of this.told.keys()) if (!standing.has(key)) this.told.delete(key);
    const news = overdue.filter((one) => now - (this.told.get(keyOf(one)) ?? -Infinity) >= REMIND_MS);
    if (news.length === 0) return;
    await this.ports.bus.publish(news.map((one) => overdueMessage(one, now)));
    const { meter = NO_METER, log } = this.ports;
    for (const one of news) {
      this.told.set(keyOf(one), now);
      meter.counter('aura_overdue_total', { kind: one.kind }).add();
      log.warn(`overdue: ${one.why}`, { kind: one.kind, id: one.id, until: one.until });
    }
  }
}

function keyOf({ kind, id, until }: Standing): string {
  return `${kind} ${id} ${until}`;
}

function overdueMessage(one: Standing, now: number): OutboundMessage {
  const event: CloudEvent = {
    specversion: '1.0',
    id: `overdue/${one.kind}/${one.id}/${now}`,
    source: COORDINATOR_SOURCE,
    type: livenessOverdue.type,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    ...(one.kind === 'saga' ? { correlationid: one.id } : {}),
    data: { ...one },
  };
  return { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: `${event.type}.${one.kind}` }] };
}
